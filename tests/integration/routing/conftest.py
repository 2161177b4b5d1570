"""Routing, really running on topics and a database of its own, with its neighbours played by the test."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import SecretStr

from deploy.embedded import Access
from deploy.embedded.access import ADMIN
from services.routing.app import build_app
from services.routing.settings import RoutingSettings
from shared import mongo
from shared.agencies import load_agencies
from shared.broker import Message, Publisher, connection
from shared.clock import now
from shared.delivery.parking import ParkedKey
from shared.events.agency import OutboxEvent
from shared.events.codec import Codec, encode
from shared.events.intake import IntakeEvent
from shared.events.routing import ActivityEvent, AgencyEventRejected
from shared.mongo import Database
from shared.service import Service
from shared.settings import MongoSettings, ServiceSettings
from shared.topics import INTAKE, Topic, all_topics, inbox, outbox
from tests.bus import provision
from tests.running import running_service
from tests.waiting import eventually

CODEC: Codec[Any] = Codec(ActivityEvent | AgencyEventRejected)


class World:
    """Topics to write and read as intake and the agencies do, and the service to start, once or several times."""

    def __init__(self, settings: RoutingSettings, access: Access, database: Database, topics: Collection[Topic]) -> None:
        self.settings = settings
        self.access = access
        self.database = database
        self._publishers: dict[str, Publisher] = {}
        self._partitions = {topic.name: topic.partitions for topic in topics}

    async def intake(self, *events: IntakeEvent) -> None:
        """As intake does."""
        await self.write(INTAKE, *[(str(event.subject).encode(), encode(event)) for event in events], user="intake")

    async def agency(self, agency: str, *events: OutboxEvent) -> None:
        """As the agency does."""
        await self.write(outbox(agency), *[(str(event.subject).encode(), encode(event)) for event in events], user=agency)

    async def write(self, topic: str, *records: tuple[bytes | None, bytes], user: str = ADMIN) -> None:
        """Anything at all, as (key, value)."""
        publisher = self._publishers.setdefault(user, Publisher(self.access.settings(user)))
        await publisher.send([Message(self.settings.topic(topic), key, value) for key, value in records])

    async def stop(self) -> None:
        """Closes what was opened to write."""
        for publisher in self._publishers.values():
            await publisher.stop()

    async def read(self, topic: str) -> list[Any]:
        """Every event on the topic now, by partition and oldest first."""
        name = self.settings.topic(topic)
        partitions = [TopicPartition(name, number) for number in range(self._partitions[name])]
        consumer = AIOKafkaConsumer(**connection(self.access.settings()), fetch_max_wait_ms=50)
        await consumer.start()
        try:
            consumer.assign(partitions)
            await consumer.seek_to_beginning()
            left = sum((await consumer.end_offsets(partitions)).values())
            events: list[Any] = []
            while len(events) < left:
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    events += [CODEC.decode(record.value) for record in records]
            return events
        finally:
            await consumer.stop()

    async def inbox(self, agency: str, count: int, within: float = 60) -> list[Any]:
        """What the agency has been told, once it is at least `count` events."""

        async def enough() -> list[Any] | None:
            told = await self.read(inbox(agency))
            return told if len(told) >= count else None

        return await eventually(enough, within=within, every=0.05)

    async def referral(self, id_: UUID) -> dict[str, Any] | None:
        """The stored referral."""
        return await self.database["referrals"].find_one({"_id": id_})

    async def until(self, id_: UUID, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The stored referral, as soon as this holds of it."""

        async def probe() -> dict[str, Any] | None:
            found = await self.referral(id_)
            return found if found and holds(found) else None

        return await eventually(probe)

    async def all_published(self) -> None:
        """Waits until no event waits in an outbox."""

        async def done() -> bool:
            return not await self.database["referrals"].find_one({"outbox.0": {"$exists": True}})

        await eventually(done)

    @asynccontextmanager
    async def running(self, instance: str = "one", clock: Callable[[], datetime] = now) -> AsyncIterator[Service]:
        """The service in this process, ready."""
        service = build_app(self.settings.model_copy(update={"instance": instance}), clock)
        async with running_service(service):
            yield service

    async def command(self, *words: str) -> int:
        """Runs a command of routing as an operator does; its exit status."""
        command = [sys.executable, "-m", "services.routing", *words]
        process = await asyncio.create_subprocess_exec(*command, env=self.environment(), stdout=asyncio.subprocess.DEVNULL)
        return await process.wait()

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of its own needs to be this service."""
        s = self.settings
        return {
            **os.environ,
            **self.access.environment("routing"),
            "KAFKA_SESSION_TIMEOUT_MS": "6000",
            "MONGO_URL": s.mongo.connection_string(),
            "MONGO_DATABASE": s.mongo.database,
            "TOPIC_PREFIX": s.topic_prefix,
            "INSTANCE": "one",
            **more,
        }


async def parked(service: Service) -> list[ParkedKey]:
    """What the reader of intake's topic holds back."""
    return await service.readers[0].parking.all()


@pytest.fixture(scope="module")
async def common(kafka: Access, mongo_url: str) -> AsyncIterator[World]:
    """A world that the tests of a module share, each with referrals of its own."""
    access = replace(kafka, prefix=f"t{secrets.token_hex(4)}.")
    database = MongoSettings(url=SecretStr(mongo_url), database=access.prefix.rstrip("."))
    own = access.settings("routing", session_timeout_ms=6000)
    mine = RoutingSettings(topic_prefix=access.prefix, kafka=own, mongo=database, clock_every=0.1)
    agencies = load_agencies(mine.config_dir).on_the_bus
    provision(access, agencies)
    client = mongo.connect(mongo_url)
    new = World(mine, access, mongo.database(client, database.database), all_topics(agencies, access.prefix))
    yield new
    await new.stop()
    await client.drop_database(database.database)
    client.close()


@pytest.fixture
async def world(settings: ServiceSettings, access: Access, database: Database) -> AsyncIterator[World]:
    """A world of its own, with its topics."""
    own = {"kafka": access.settings("routing", session_timeout_ms=6000)}
    mine = RoutingSettings(**dict(settings) | own, clock_every=0.1)
    agencies = load_agencies(mine.config_dir).on_the_bus
    provision(access, agencies)
    new = World(mine, access, database, all_topics(agencies, settings.topic_prefix))
    yield new
    await new.stop()
