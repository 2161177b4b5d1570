"""Users' quotas by Kafka's own protocol: neither client library has the call to set them.

Messages 48 and 49 in their first version, as Kafka's AlterClientQuotasRequest.json describes them.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import DescribeClientQuotasRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from shared.broker import connection
from shared.bus.state import Quota
from shared.settings import KafkaSettings

ANY_NAME = 2
_ENTITY = ("entity", Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8"))))


class _AlterResponse(Response):  # type: ignore[misc]
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(("error_code", Int16), ("error_message", String("utf-8")), _ENTITY)),
    )


class _AlterStruct(RequestStruct):  # type: ignore[misc]
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _AlterResponse
    SCHEMA = Schema(
        ("entries", Array(_ENTITY, ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))))),
        ("validate_only", Boolean),
    )


class _Alter(Request[_AlterStruct]):  # type: ignore[misc]
    API_KEY = 49

    def __init__(self, entries: list[Any]) -> None:
        self._entries = entries

    def build(self, request_struct_class: type[_AlterStruct]) -> _AlterStruct:
        return request_struct_class(self._entries, False)


def read_quotas(settings: KafkaSettings) -> dict[str, Quota]:
    """The quotas of every user that has one. KafkaError where the broker refuses."""
    answer = _asked(settings, DescribeClientQuotasRequest([("user", ANY_NAME, None)], True))
    _check(answer.error_code)
    return {entity[0][1]: dict(values) for entity, values in answer.entries}


def set_quotas(settings: KafkaSettings, quotas: Mapping[str, tuple[Quota, Quota]]) -> None:
    """Sets users' quotas; the pair is (before, after), so that a limit that is gone is lifted."""
    entries = [([("user", user)], _operations(*pair)) for user, pair in quotas.items()]
    for error_code, _, _ in _asked(settings, _Alter(entries)).entries if entries else ():
        _check(error_code)


def _operations(before: Quota, after: Quota) -> list[tuple[str, float, bool]]:
    gone = [(name, 0.0, True) for name in before.keys() - after.keys()]
    return gone + [(name, float(value), False) for name, value in after.items()]


def _check(error_code: int) -> None:
    if error_code:
        raise for_code(error_code)("quotas")


def _asked(settings: KafkaSettings, request: Request[Any]) -> Any:
    """Its own thread, as the caller may already be in a running loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _ask(settings, request)).result()


async def _ask(settings: KafkaSettings, request: Request[Any]) -> Any:
    client = AIOKafkaClient(**connection(settings))
    await client.bootstrap()
    try:
        return await client.send(client.get_random_node(), request)
    finally:
        await client.close()
