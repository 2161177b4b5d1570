"""The bare loop that the routing stage is held against: motor and aiokafka alone, durable, without validation or rules.

It does with a batch what has to be done for nothing to be lost: read what is stored, write one document a referral with its
outbox (journaled by a majority), publish, clear, commit. The record itself stands in place of a referral and of its events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from pymongo import UpdateOne
from pymongo.write_concern import WriteConcern

from benchmarks.bare_broker_path import BATCH, HEADERS, consumer, producer
from benchmarks.pace import Lap, Pace
from shared import mongo
from shared.broker import Message, Publisher
from shared.settings import KafkaSettings

Targets = Sequence[Sequence[str]]
"""The topics of each event that is published of a record."""
Produce = Callable[[Sequence[Any], Targets], Awaitable[None]]


async def run(kafka: KafkaSettings, url: str, source: str, targets: Targets, count: int, *, packed: bool) -> Lap:
    """Works off `count` records, publishing each to all `targets`. `packed`: by our Publisher, in batches."""
    pace, name = Pace(), f"bare-{len(targets)}-{packed}"
    client = mongo.connect(url)
    stored = mongo.database(client, "bare")[name]
    publisher = Publisher(kafka)
    async with consumer(kafka, source, name) as reading, producer(kafka) as writing:
        produce = packing(publisher) if packed else sending(writing)
        while pace.events < count:
            batches = await reading.getmany(timeout_ms=50, max_records=BATCH)
            records = [record for batch in batches.values() for record in batch]
            if not records:
                continue
            pace.tick(len(records))
            await once(stored, records, targets, produce)
            await reading.commit({TopicPartition(r.topic, r.partition): r.offset + 1 for r in records})
    await publisher.stop()
    client.close()
    return pace.lap()


async def once(stored: mongo.Collection, records: Sequence[Any], targets: Targets, produce: Produce) -> None:
    """One batch."""
    at = datetime.now(UTC)
    ids = [record.key.decode() for record in records]
    await stored.find({"_id": {"$in": ids}}).to_list(len(ids))
    await stored.insert_many([document(id_, r, targets, at) for id_, r in zip(ids, records, strict=True)], ordered=False)
    await produce(records, targets)
    numbers = list(range(len(targets)))
    clears = [UpdateOne({"_id": id_}, {"$pull": {"outbox": {"id": {"$in": numbers}}}}) for id_ in ids]
    await stored.with_options(write_concern=WriteConcern(w=1)).bulk_write(clears, ordered=False)


def document(id_: str, record: Any, targets: Targets, at: datetime) -> dict[str, Any]:
    """The record and what is to be published of it."""
    entries = [{"id": n, "at": at, "topics": list(t), "key": id_, "body": record.value} for n, t in enumerate(targets)]
    return {"_id": id_, "version": 1, "raw": record.value, "outbox": entries}


def sending(writing: AIOKafkaProducer) -> Produce:
    """One by one into the producer's buffer, then all acknowledgements."""

    async def produce(records: Sequence[Any], targets: Targets) -> None:
        sent = [await writing.send(t, r.value, key=r.key, headers=HEADERS) for r in records for event in targets for t in event]
        await asyncio.gather(*sent)

    return produce


def packing(publisher: Publisher) -> Produce:
    """As our services publish."""

    async def produce(records: Sequence[Any], targets: Targets) -> None:
        await publisher.send([Message(t, r.key, r.value, tuple(HEADERS)) for r in records for event in targets for t in event])

    return produce
