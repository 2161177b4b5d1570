"""Asks a broker, as one user after another, for everything there is, and notes what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.protocol.fetch import FetchRequest
from confluent_kafka import KafkaError, KafkaException, Producer, TopicCollection
from confluent_kafka.admin import AdminClient

from shared.broker import connection
from shared.bus.cluster import client_configuration
from shared.settings import KafkaSettings
from tests.waiting import eventually

DENIED = {KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED}
STARTING = {14, 15, 16}  # a coordinator that is loading, is not there yet, or has moved
Answers = dict[str, str]
"""By topic or group: a letter for each thing that was allowed, `-` for none."""


class NoAnswer(AssertionError):
    """The broker neither allowed nor denied something: the matrix would be a guess."""


def topics(user: KafkaSettings, names: Sequence[str]) -> Answers:
    """For each topic: r(ead) w(rite) d(escribe). Every topic has to hold a record."""
    configuration = client_configuration(user)
    written, described = _written(configuration, names), _described(configuration, names)
    return _letters(names, {"r": _run(_fetched(user, names)), "w": written, "d": described})


def groups(user: KafkaSettings, names: Sequence[str], topic: str) -> Answers:
    """For each consumer group: r(ead: take part and commit) d(escribe). `topic`: any."""
    configuration = client_configuration(user)
    took_part = _run(_took_part(user, names, topic))
    return _letters(names, {"r": took_part, "d": _described_groups(configuration, names)})


def _letters(names: Iterable[str], allowed: Mapping[str, set[str]]) -> Answers:
    return {name: "".join(letter for letter, found in allowed.items() if name in found) or "-" for name in names}


async def _fetched(user: KafkaSettings, names: Sequence[str]) -> set[str]:
    """By the bare protocol: a consumer would not ask for what its metadata does not show."""
    async with _client(user) as client:
        request = FetchRequest(100, 1, 1 << 20, 0, [(name, [(0, 0, 1 << 16)]) for name in names])
        answer = await client.send(client.get_random_node(), request)
    codes = {topic[0]: topic[1][0][1] for topic in answer.topics}
    if unclear := {name: code for name, code in codes.items() if code not in (0, *DENIED)} or set(names) - codes.keys():
        raise NoAnswer(f"reading: {unclear}")
    return {name for name, code in codes.items() if code == 0}


def _written(configuration: dict[str, Any], names: Sequence[str]) -> set[str]:
    found: set[str] = set()

    def answered(error: KafkaError | None, message: Any) -> None:
        if error is None:
            found.add(message.topic())
        elif error.code() not in DENIED:
            raise NoAnswer(f"writing {message.topic()}: {error.name()}")

    producer = Producer(configuration | {"acks": "all", "message.timeout.ms": 20_000, "linger.ms": 0})
    for name in names:
        producer.produce(name, b"matrix", on_delivery=answered, partition=0)
    if producer.flush(30):
        raise NoAnswer("writing")
    return found


def _described(configuration: dict[str, Any], names: Sequence[str]) -> set[str]:
    admin = AdminClient(configuration)  # its answers end with it
    futures = admin.describe_topics(TopicCollection(list(names)))
    return {name for name, future in futures.items() if _allowed(future)}


def _described_groups(configuration: dict[str, Any], names: Sequence[str]) -> set[str]:
    admin = AdminClient(configuration)
    futures = admin.describe_consumer_groups(list(names))
    return {name for name, future in futures.items() if _allowed(future)}


async def _took_part(user: KafkaSettings, names: Sequence[str], topic: str) -> set[str]:
    """Commits an offset: the broker looks at the group first, then at the topic."""
    async with _client(user) as client:
        return {name for name in names if await _committed(client, name, topic) != KafkaError.GROUP_AUTHORIZATION_FAILED}


async def _committed(client: AIOKafkaClient, group: str, topic: str) -> int:
    async def clear() -> int | None:
        request = OffsetCommitRequest(group, -1, "", -1, [(topic, [(0, 0, "")])])
        answer = await client.send(client.get_random_node(), request)
        code = int(answer.topics[0][1][0][1])
        return None if code in STARTING else code + 1

    code = await eventually(clear) - 1
    if code not in (0, *DENIED):
        raise NoAnswer(f"taking part in {group}: {code}")
    return code


@asynccontextmanager
async def _client(user: KafkaSettings) -> AsyncIterator[AIOKafkaClient]:
    client = AIOKafkaClient(**connection(user))
    await client.bootstrap()
    try:
        yield client
    finally:
        await client.close()


def _run(work: Coroutine[Any, Any, set[str]]) -> set[str]:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _allowed(future: Any) -> bool:
    try:
        future.result(20)
    except KafkaException as error:
        if error.args[0].code() not in DENIED:
            raise NoAnswer(f"describing: {error.args[0].name()}") from None
        return False
    return True
