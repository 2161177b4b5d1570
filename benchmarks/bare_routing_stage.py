"""The bare loop that the routing stage is held against: motor, aiokafka and one pydantic model, durable, without rules.

It does with a batch what has to be done for nothing to be lost: validate each record, read what is stored, write one document a
referral with its outbox (journaled by a majority), publish, clear, commit. The record itself stands in place of its events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from pymongo import UpdateOne
from pymongo.write_concern import WriteConcern

from benchmarks.bare_broker_path import BATCH, HEADERS, consumer, producer
from benchmarks.pace import Lap, Pace
from shared import mongo
from shared.broker import Message, Publisher
from shared.events.intake import ReferralReceived
from shared.settings import KafkaSettings

Targets = Sequence[Sequence[str]]
"""The topics of each event that is published of a record."""
Produce = Callable[[Sequence[Any], Targets], Awaitable[None]]
Identify = Callable[[Any], str]
"""The id of the referral that a record is about."""


def validated(record: Any) -> str:
    """From the event, once it has been checked against its model."""
    return str(ReferralReceived.model_validate_json(record.value).subject)


def unread(record: Any) -> str:
    """From the key: what is in the record is not looked at."""
    return str(record.key, "utf-8")


@dataclass(frozen=True)
class Manner:
    """How a bare loop works. `targets`: see there. `packed`: published by our Publisher, in batches."""

    targets: Targets
    packed: bool = False
    identify: Identify = validated

    @property
    def name(self) -> str:
        """Of its collection and its consumer group."""
        return f"bare-{len(self.targets)}-{self.packed}-{self.identify.__name__}"


async def run(kafka: KafkaSettings, url: str, source: str, manner: Manner, count: int) -> Lap:
    """Works off `count` records, publishing each to all targets."""
    pace, name = Pace(), manner.name
    client = mongo.connect(url)
    stored = mongo.database(client, "bare")[name]
    publisher = Publisher(kafka)
    async with consumer(kafka, source, name) as reading, producer(kafka) as writing:
        produce = packing(publisher) if manner.packed else sending(writing)
        while pace.events < count:
            batches = await reading.getmany(timeout_ms=50, max_records=BATCH)
            records = [record for batch in batches.values() for record in batch]
            if not records:
                continue
            pace.tick(len(records))
            await once(stored, records, manner, produce)
            await reading.commit({TopicPartition(r.topic, r.partition): r.offset + 1 for r in records})
    await publisher.stop()
    client.close()
    return pace.lap()


async def once(stored: mongo.Collection, records: Sequence[Any], manner: Manner, produce: Produce) -> None:
    """One batch."""
    at, targets = datetime.now(UTC), manner.targets
    ids = [manner.identify(record) for record in records]
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
