"""The bare loop that the routing stage is held against: motor, aiokafka and one pydantic model, durable, without rules.

It does with a batch what has to be done for nothing to be lost: validate each record, read what is stored, write one document a
referral with its outbox (journaled by a majority), publish, clear, commit. The record itself stands in place of its events,
and in place of the referral too, but where the loop is asked to keep what routing keeps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer, TopicPartition
from pymongo import IndexModel, UpdateOne
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
Keep = Callable[[str, Any], dict[str, Any]]
"""What is stored of a referral (its id, its record) beside the outbox."""


def validated(record: Any) -> str:
    """From the event, once it has been checked against its model."""
    return str(ReferralReceived.model_validate_json(record.value).subject)


def unread(record: Any) -> str:
    """From the key: what is in the record is not looked at."""
    return str(record.key, "utf-8")


def the_record(id_: str, record: Any) -> dict[str, Any]:
    """The record alone, as it came."""
    return {"_id": id_, "version": 1, "raw": record.value}


def like(stored: Mapping[str, Any]) -> Keep:
    """A document as routing has stored one, for each referral: with all that the desk and the clocks look for."""
    desk = stored["desk"]
    key, asked = (desk[name][: -len(stored["_id"].hex)] for name in ("key", "asked"))

    def keep(id_: str, _: Any) -> dict[str, Any]:
        number = UUID(id_).hex
        return {**stored, "_id": id_, "desk": {**desk, "key": key + number, "asked": asked + number}}

    return keep


@dataclass(frozen=True)
class Manner:
    """How a bare loop works. `packed`: published by our Publisher, in batches. `indexes`: of its collection."""

    targets: Targets
    packed: bool = False
    identify: Identify = validated
    keep: Keep = the_record
    indexes: Sequence[IndexModel] = ()

    @property
    def name(self) -> str:
        """Of its collection and its consumer group."""
        return f"bare-{len(self.targets)}-{self.packed}-{self.identify.__name__}-{self.keep.__name__}"


async def run(kafka: KafkaSettings, url: str, source: str, manner: Manner, count: int) -> Lap:
    """Works off `count` records, publishing each to all targets."""
    pace, name = Pace(), manner.name
    client = mongo.connect(url)
    stored = mongo.database(client, "bare")[name]
    if manner.indexes:
        await stored.create_indexes(list(manner.indexes))
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
    documents = [manner.keep(id_, r) | outbox(id_, r, targets, at) for id_, r in zip(ids, records, strict=True)]
    await stored.insert_many(documents, ordered=False)
    await produce(records, targets)
    numbers = list(range(len(targets)))
    clears = [UpdateOne({"_id": id_}, {"$pull": {"outbox": {"id": {"$in": numbers}}}}) for id_ in ids]
    await stored.with_options(write_concern=WriteConcern(w=1)).bulk_write(clears, ordered=False)


def outbox(id_: str, record: Any, targets: Targets, at: datetime) -> dict[str, Any]:
    """What is to be published of a record."""
    return {"outbox": [{"id": n, "at": at, "topics": list(t), "key": id_, "body": record.value} for n, t in enumerate(targets)]}


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
