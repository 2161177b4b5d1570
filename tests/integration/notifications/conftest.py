"""A bus, a database and a mail server of the test's own, and the real service on them."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from deploy.embedded import Access
from services.notifications.__main__ import app
from services.notifications.app import build_app
from services.notifications.channels.settings import SmtpSettings
from services.notifications.handlers import AUDIT_GROUP, GROUP
from services.notifications.settings import NotificationsSettings
from shared import mongo
from shared.broker import Message, Publisher, connection
from shared.clock import Clock, now
from shared.events.codec import Codec, encode
from shared.events.notification import NotificationEvent
from shared.events.routing import ActivityEvent
from shared.service import Service
from shared.settings import MongoSettings
from shared.topics import ACTIVITY, DELIVERED, Topic, dead_topic
from tests.bus import provision
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Provider, provider
from tests.waiting import eventually


@dataclass
class Bus:
    """Topics and a database that no other test uses."""

    access: Access
    mongo_url: str
    prefix: str
    publisher: Publisher
    database: mongo.Database

    async def publish(self, *events: ActivityEvent) -> None:
        """As routing does."""
        topic = self.prefix + ACTIVITY
        await self.publisher.send([Message(topic, str(event.subject).encode(), encode(event)) for event in events])

    async def delivered(self, count: int, *, different: bool = False) -> list[Any]:
        """The first `count` events on notifications.delivered. `different`: repeats of an event do not count."""
        topic = self.prefix + DELIVERED
        consumer = AIOKafkaConsumer(topic, **connection(self.access.settings("reporting")), auto_offset_reset="earliest")
        codec: Codec[Any] = Codec(NotificationEvent)
        events: list[Any] = []

        async def enough() -> bool:
            for records in (await consumer.getmany(timeout_ms=100)).values():
                events.extend(codec.decode(record.value) for record in records)
            return len({event.id for event in events} if different else events) >= count

        await consumer.start()
        try:
            await eventually(enough)
        finally:
            await consumer.stop()
        return events

    async def notices(self, **query: Any) -> list[dict[str, Any]]:
        return await self.database["notices"].find(query).to_list(None)

    def settings(self, mail: MailServer, instance: str = "one", **changes: Any) -> NotificationsSettings:
        """Impatient settings: an answer within half a second, a lease of two."""
        impatient: dict[str, Any] = {
            "smtp": SmtpSettings(port=mail.port, answer_seconds=0.5, send_seconds=0.8),
            "lease_seconds": 2.0,
            "poll_seconds": 0.1,
            "first_wait_seconds": 0.1,
            "outage_wait_seconds": 0.5,
            "audit_after_seconds": 1.0,
            "audit_every_seconds": 0.2,
            "bounces_every_seconds": 0.2,
            "group_storms": False,
        }
        return NotificationsSettings(
            instance=instance,
            topic_prefix=self.prefix,
            kafka=self.access.settings("notifications", session_timeout_ms=6000),
            mongo=MongoSettings(url=self.mongo_url, database=self.database.name),
            **impatient | changes,
        )

    def environment(self, mail: MailServer, **changes: str) -> dict[str, str]:
        """The same settings for a process of its own."""
        return {
            **os.environ,
            "INSTANCE": "one",
            "TOPIC_PREFIX": self.prefix,
            **self.access.environment("notifications"),
            "KAFKA_SESSION_TIMEOUT_MS": "6000",
            "MONGO_URL": self.mongo_url,
            "MONGO_DATABASE": self.database.name,
            "SMTP_PORT": str(mail.port),
            "SMTP_ANSWER_SECONDS": "0.5",
            "SMTP_SEND_SECONDS": "0.8",
            "LEASE_SECONDS": "2",
            "WEBHOOK_SEND_SECONDS": "0.9",
            "POLL_SECONDS": "0.1",
            "GROUP_STORMS": "false",
            **changes,
        }


@pytest.fixture
async def bus(access: Access, mongo_url: str) -> AsyncIterator[Bus]:
    prefix = access.prefix
    names = (
        prefix + ACTIVITY,
        prefix + DELIVERED,
        dead_topic(prefix + ACTIVITY, GROUP),
        dead_topic(prefix + ACTIVITY, AUDIT_GROUP),
    )
    provision(access, topics=[Topic(name, partitions=2) for name in names])
    client = mongo.connect(mongo_url)
    database = mongo.database(client, f"notifications_{secrets.token_hex(4)}")
    publisher = Publisher(access.settings("routing"))
    try:
        yield Bus(access, mongo_url, prefix, publisher, database)
    finally:
        await publisher.stop()
        await client.drop_database(database.name)
        client.close()


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    """A mail server that fails the test on any mail that nobody expected."""
    server = MailServer()
    await server.start()
    yield server
    await server.stop()
    assert server.unexpected == []


@pytest.fixture
async def others(tmp_path: Path) -> AsyncIterator[Provider]:
    """One server in the place of the text messages' provider, an agency's system, and a chat service."""
    async with provider(tmp_path, yes="200 OK") as server:
        yield server


@asynccontextmanager
async def running(settings: NotificationsSettings, clock: Clock = now) -> AsyncIterator[Service]:
    """The service, started and ready to read."""
    service = build_app(settings, clock)
    async with service.http.router.lifespan_context(service.http):

        async def started() -> bool:
            return not service.health.waiting

        await eventually(started)
        yield service


Commands = Callable[..., Awaitable[tuple[Any, str]]]
"""Runs a command line, such as `told`, in a thread; its exit status and what it said. Keywords: environment variables."""


@pytest.fixture
def commands(bus: Bus, mail: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    """`python -m services.notifications`, without a Python of its own."""

    async def run(*words: str, **environment: str) -> tuple[Any, str]:
        for name, value in bus.environment(mail, **environment).items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        status = await asyncio.to_thread(_exit_status, words)
        return status, capsys.readouterr().out

    return run


def _exit_status(words: Sequence[str]) -> Any:
    try:
        app(words)
    except SystemExit as end:
        return end.code
    return 0


def pairs(mails: Iterable[Any]) -> list[tuple[str, str]]:
    return sorted((mail.to, mail.reference) for mail in mails)
