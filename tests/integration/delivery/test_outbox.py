"""The writing half of delivery: relay and sweeper, on the real broker and database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from deploy.embedded import Access, Broker
from shared import mongo
from shared.broker import Publisher, connection
from shared.clock import now
from shared.delivery.errors import Unavailable
from shared.events.envelope import event_id
from shared.events.intake import ReferralWithdrawn, WithdrawnData
from shared.outbox import Relay, pending
from shared.settings import ServiceSettings
from shared.topics import Topic
from shared.vocabulary import WithdrawalReason
from tests.bus import create_topics
from tests.waiting import eventually


def entry(referral: UUID, sequence: int, topic: str, age: float = 0) -> dict[str, Any]:
    event = ReferralWithdrawn(
        id=event_id("/intake", str(referral), sequence),
        source="/intake",
        subject=referral,
        time=now(),
        correlationid=referral,
        sequence=sequence,
        data=WithdrawnData(reason=WithdrawalReason.mistake),
    )
    return pending(event, [topic], now() - timedelta(seconds=age))


class World:
    """A relay over one collection and one topic."""

    def __init__(self, settings: ServiceSettings, database: mongo.Database, publisher: Publisher) -> None:
        self.topic = settings.topic("events")
        self.kafka = settings.kafka
        self.collection = database["things"]
        self.relay = Relay("things", self.collection, publisher, now)

    async def write(self, *sequences: int, age: float = 0) -> dict[str, Any]:
        referral = uuid4()
        document = {"_id": str(referral), "outbox": [entry(referral, n, self.topic, age) for n in sequences]}
        await self.collection.insert_one(document)
        return document

    async def pending_ids(self, document: dict[str, Any]) -> list[str]:
        stored = await self.collection.find_one({"_id": document["_id"]})
        assert stored is not None
        return [e["id"] for e in stored["outbox"]]

    async def published(self, count: int, within: float = 60) -> list[tuple[bytes, bytes]]:
        """The first `count` records: (key, value), in order per key."""
        consumer = AIOKafkaConsumer(self.topic, **connection(self.kafka), auto_offset_reset="earliest")
        await consumer.start()
        try:
            found: list[tuple[bytes, bytes]] = []
            async with asyncio.timeout(within):
                while len(found) < count:
                    record = await consumer.getone()
                    found.append((record.key, record.value))
            return found
        finally:
            await consumer.stop()


@pytest.fixture
async def world(settings: ServiceSettings, database: mongo.Database, access: Access) -> AsyncIterator[World]:
    create_topics(access, [Topic(settings.topic("events"), 2)])
    publisher = Publisher(settings.kafka)
    yield World(settings, database, publisher)
    await publisher.stop()


async def test_what_is_published_is_the_whole_outbox_in_order_and_then_cleared(world: World) -> None:
    document = await world.write(1, 2, 3)
    await world.relay.publish([document])
    records = await world.published(3)
    assert [value for _, value in records] == [bytes(e["body"]) for e in document["outbox"]]
    assert {key for key, _ in records} == {document["_id"].encode()}
    assert await world.pending_ids(document) == []


async def test_an_event_appended_while_publishing_survives_the_clear(world: World) -> None:
    document = await world.write(1)
    late = entry(UUID(document["_id"]), 2, world.topic)
    await world.collection.update_one({"_id": document["_id"]}, {"$push": {"outbox": late}})
    await world.relay.publish([document])
    assert await world.pending_ids(document) == [late["id"]]


async def test_by_its_stamp_a_document_is_cleared_only_as_it_was_written(world: World) -> None:
    written = [await world.write(1, 2) for _ in range(3)]
    stamp, later = uuid4(), entry(UUID(written[0]["_id"]), 3, world.topic)
    await world.collection.update_many({}, {"$set": {"stamp": stamp}})
    await world.collection.update_one({"_id": written[0]["_id"]}, {"$push": {"outbox": later}, "$set": {"stamp": uuid4()}})
    await world.relay.publish([{**document, "stamp": stamp} for document in written])
    assert [await world.pending_ids(document) for document in written] == [[later["id"]], [], []]


async def test_the_sweeper_publishes_what_a_crash_left_and_leaves_the_young_to_their_writer(world: World) -> None:
    left, young = await world.write(1, 2, age=60), await world.write(1)
    assert await world.relay.age() > 59
    assert await world.relay.sweep() == 1
    assert await world.pending_ids(left) == []
    assert len(await world.pending_ids(young)) == 1
    assert len(await world.published(2)) == 2


async def test_what_a_crash_left_before_the_clock_was_set_back_does_not_wait_for_it_to_catch_up(world: World) -> None:
    left, beside = await world.write(1, age=-5 * 3600), await world.write(1, age=-5)
    assert await world.relay.sweep() == 1
    assert await world.pending_ids(left) == []
    assert len(await world.pending_ids(beside)) == 1


async def test_two_instances_may_publish_the_same_document_and_nothing_is_missing(world: World) -> None:
    document = await world.write(1, 2, 3)
    await asyncio.gather(world.relay.publish([document]), world.relay.publish([document]))
    ids = [value for _, value in await world.published(6)]
    bodies = [bytes(e["body"]) for e in document["outbox"]]
    first_seen = list(dict.fromkeys(ids))
    assert first_seen == bodies


async def test_hints_are_published_at_once(world: World) -> None:
    running = asyncio.create_task(world.relay.run())
    # Too young for the sweeper until long after the test.
    documents = [await world.write(1, age=-600) for _ in range(50)]
    for document in documents:
        world.relay.hint(document)

    async def cleared() -> bool:
        return await world.collection.count_documents({"outbox.0": {"$exists": True}}) == 0

    await eventually(cleared)
    running.cancel()
    assert len(await world.published(50)) == 50


async def test_a_broker_that_dies_and_returns_gets_everything_in_order(
    settings: ServiceSettings, database: mongo.Database, tmp_path: Path, kafka_class_path: str
) -> None:
    with Broker(tmp_path / "kafka", kafka_class_path) as broker:
        mine = settings.model_copy(update={"kafka": broker.access.settings(request_timeout_ms=2000)})
        create_topics(broker.access, [Topic(mine.topic("events"), 2)])
        publisher = Publisher(mine.kafka)
        world = World(mine, database, publisher)
        document = await world.write(1, age=60)
        await world.relay.sweep()
        broker.kill9()
        later = await world.write(1, 2, 3, age=60)
        with pytest.raises(Unavailable):
            await world.relay.publish([later])
        assert len(await world.pending_ids(later)) == 3, "not acknowledged, so still pending"
        broker.restart()

        async def swept() -> bool:
            try:
                await world.relay.sweep()
            except Unavailable:
                return False
            return await world.pending_ids(later) == []

        await eventually(swept)
        values = [value for key, value in await world.published(4) if key == later["_id"].encode()]
        assert list(dict.fromkeys(values)) == [bytes(e["body"]) for e in later["outbox"]]
        assert await world.pending_ids(document) == []
        assert publisher.rebuilt >= 1, "the producer that failed was thrown away"
        await publisher.stop()
