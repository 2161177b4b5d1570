"""Reads every topic, the mail journal and the report, and adds what it sees to the history."""

from __future__ import annotations

import json
import time
import zlib
from datetime import datetime
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from confluent_kafka.admin import AdminClient

from deploy.demo.report import accepted, received
from deploy.embedded import Access
from shared.broker import connection
from shared.bus.cluster import client_configuration
from shared.principal import Role
from shared.topics import ACTIVITY, DELIVERED, INTAKE, inbox
from tests.chaos.history import History, Seen
from tests.system import System


async def observe(system: System, history: History) -> None:
    """Replaces what the history has seen by what is there now."""
    looked_at = time.time()
    records = await every_record(system.broker.access)
    history.looked_at = looked_at
    history.dead = [dict(r.headers)["reason"].decode() for r in records if r.topic.endswith(".dead")]
    wanted = {INTAKE, ACTIVITY, DELIVERED, *map(inbox, system.agencies.ids)}
    history.seen = [_seen(r) for r in records if r.topic in wanted]
    history.mails = [mail["message_id"] for mail in system.mail.received()]
    history.report = await _report(system)


async def every_record(kafka: Access) -> list[ConsumerRecord]:
    """All that is in all topics now, in order per partition."""
    known = AdminClient(client_configuration(kafka.settings())).list_topics(timeout=10).topics
    partitions = [TopicPartition(name, p) for name, t in known.items() if not name.startswith("__") for p in t.partitions]
    consumer = AIOKafkaConsumer(**connection(kafka.settings()), fetch_max_wait_ms=50)
    await consumer.start()
    try:
        ends = {p: end for p, end in (await consumer.end_offsets(partitions)).items() if end}
        consumer.assign(list(ends))
        for partition in ends:
            consumer.seek(partition, 0)
        return await _read_until(consumer, ends)
    finally:
        await consumer.stop()


async def _read_until(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> list[ConsumerRecord]:
    found: list[ConsumerRecord] = []
    while any([await consumer.position(partition) < end for partition, end in ends.items()]):
        for records in (await consumer.getmany(timeout_ms=200, max_records=5000)).values():
            found += records
    return found


def _seen(record: ConsumerRecord) -> Seen:
    event: dict[str, Any] = json.loads(record.value)
    data, kind = event["data"], event["type"].removeprefix("org.rhtrt.").removesuffix(".v1")
    return Seen(
        topic=record.topic,
        id=event["id"],
        kind=kind,
        referral=event["subject"],
        sequence=int(event["sequence"]),
        agency=data.get("agency"),
        about=data.get("about") or data.get("event"),
        cause=data.get("message") or data.get("notice") or event.get("causationid"),
        body=zlib.crc32(record.value),
        at=_seconds(event["time"]),
        clock=data.get("clock"),
        due=_seconds(data["due"]) if "due" in data else 0.0,
        begun=tuple((one["clock"], one.get("agency"), _seconds(one["due"])) for one in _begun(kind, data)),
    )


def _begun(kind: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    """The clocks that begin with an event: an offer's answer, those that it names, or itself where it tells of one alone."""
    if kind == "assignment.offered":
        return [{"clock": "answer", "agency": data["agency"], "due": data["answer_by"]}]
    return [data] if kind == "clock.started" else list(data.get("clocks", ()))


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


async def _report(system: System) -> dict[str, int]:
    headers = {"Authorization": f"Bearer {system.issuer.token(Role.analyst)}"}
    async with httpx.AsyncClient(timeout=60, headers=headers) as client:
        try:
            answer = await client.get(f"{system.services['reporting-1'].url}/api/v1/report")
        except httpx.TransportError:  # it catches up; a report that is still missing in the last look is a fault
            return {}
    return {"received": received(answer.json()), "accepted": accepted(answer.json())} if answer.is_success else {}
