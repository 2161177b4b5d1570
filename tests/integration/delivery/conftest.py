"""A toy service on the delivery core: it adds up numbers per key, in order. Nothing in it knows of referrals."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.embedded import Access
from shared.broker import Message, Publisher, connection
from shared.delivery.effect import Patience
from shared.delivery.errors import Permanent, Poison, Reason
from shared.delivery.order import is_new
from shared.delivery.reader import Reader
from shared.delivery.record import Stored
from shared.delivery.subscription import subscribe
from shared.service import Service
from shared.settings import ServiceSettings
from shared.topics import Topic, dead_topic
from tests.bus import create_topics
from tests.waiting import eventually

NUMBERS = "numbers"
GROUP = "adder"


@dataclass(frozen=True)
class Number:
    """Event `sequence` of `key`."""

    key: str
    sequence: int
    mark: str = ""


def decode(record: Stored) -> Number:
    try:
        document = json.loads(record.value or b"")
        return Number((record.key or b"").decode(), document["sequence"], document.get("mark", ""))
    except ValueError:
        raise Poison(Reason.not_json) from None


@dataclass
class Ledger:
    """The use case under the reader: keeps every key's applied events in MongoDB, idempotently and in order."""

    service: Service
    before: Callable[[Number], None] = lambda _: None
    calls: list[int] = field(default_factory=list)

    async def apply(self, events: Sequence[Number], *, accept_gap: bool = False) -> None:
        self.calls.append(len(events))
        by_key: dict[str, list[Number]] = defaultdict(list)
        for event in events:
            by_key[event.key].append(event)
        for key, numbers in by_key.items():
            await self._apply_key(key, numbers, accept_gap=accept_gap)

    async def _apply_key(self, key: str, numbers: list[Number], *, accept_gap: bool) -> None:
        collection = self.service.database["ledger"]
        document = await collection.find_one({"_id": key}) or {"applied": 0}
        applied = document["applied"]
        for number in numbers:
            if not is_new(applied, number.sequence, accept_gap=accept_gap):
                continue
            self.before(number)
            applied = number.sequence
            await collection.update_one({"_id": key}, {"$set": {"applied": applied}, "$push": {"seen": applied}}, upsert=True)

    async def seen(self, key: str) -> list[int]:
        document = await self.service.database["ledger"].find_one({"_id": key})
        return document["seen"] if document else []


@dataclass
class Adder:
    """The running toy service."""

    service: Service
    reader: Reader[Number]
    ledger: Ledger
    publisher: Publisher

    async def tell(self, key: str, *sequences: int, mark: str = "") -> None:
        await self.send(*[(key, json.dumps({"sequence": n, "mark": mark}).encode()) for n in sequences])

    async def send(self, *records: tuple[str | None, bytes]) -> None:
        topic = self.service.settings.topic(NUMBERS)
        await self.publisher.send([Message(topic, key.encode() if key else None, value) for key, value in records])

    async def until_seen(self, key: str, *sequences: int) -> None:
        async def there() -> bool:
            return await self.ledger.seen(key) == list(sequences)

        await eventually(there)

    async def committed(self) -> int:
        """So many records are committed."""
        consumer = self.reader.subscriber.consumer
        return sum([await consumer.committed(place) or 0 for place in consumer.assignment()])

    async def dead(self, count: int) -> list[tuple[str, bytes]]:
        """The first `count` dead letters: (reason, value)."""
        topic = dead_topic(self.service.settings.topic(NUMBERS), GROUP)
        consumer = AIOKafkaConsumer(**connection(self.service.settings.kafka))
        await consumer.start()
        try:
            consumer.assign([TopicPartition(topic, 0)])
            await consumer.seek_to_beginning()
            found: list[tuple[str, bytes]] = []
            async with asyncio.timeout(60):
                while len(found) < count:
                    record = await consumer.getone()
                    found.append((dict(record.headers)["reason"].decode(), record.value))
            return found
        finally:
            await consumer.stop()


Start = Callable[..., Any]


@pytest.fixture
def start(settings: ServiceSettings, access: Access) -> Start:
    """Starts a toy service: `async with start() as adder`. Several may run in one test, as instances of one group."""
    prefix = settings.topic_prefix
    topics = [Topic(prefix + NUMBERS, 2), Topic(dead_topic(prefix + NUMBERS, GROUP), 1)]
    create_topics(access, topics)

    @asynccontextmanager
    async def run(
        before: Callable[[Number], None] = lambda _: None, instance: str = "one", at_once: int = 1, **kafka: Any
    ) -> AsyncIterator[Adder]:
        mine = settings.model_copy(update={"instance": instance, "kafka": settings.kafka.model_copy(update=kafka)})
        service = Service("adder", "Adder", mine)
        ledger = Ledger(service, before)
        reader = subscribe(
            service.broker,
            mine,
            group=GROUP,
            topics=[NUMBERS],
            decode=decode,
            apply=ledger.apply,
            parking=service.parking(GROUP),
            publisher=service.publisher,
            at_once=at_once,
        )
        reader.patience = Patience(attempts=3, first_wait=0.01, longest_wait=0.05, batch=20, unavailable_wait=0.1)
        service.reader(reader)
        publisher = Publisher(mine.kafka)
        async with service.http.router.lifespan_context(service.http):
            try:
                yield Adder(service, reader, ledger, publisher)
            finally:
                await publisher.stop()

    return run


def refuse(*sequences: int) -> Callable[[Number], None]:
    """A use case that refuses these sequences of keys marked so, for good."""

    def before(number: Number) -> None:
        if number.sequence in sequences and number.mark == "refuse":
            raise Permanent

    return before
