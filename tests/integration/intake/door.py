"""Intake as its clients meet it: over HTTP, with what it wrote to the topic and to the database."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.embedded import Access
from deploy.embedded.ports import free_port
from services.intake.app import build_app
from services.intake.example import REFERRAL
from services.intake.settings import IntakeSettings
from services.intake.vault.keyring import read_keyring
from services.intake.vault.vault import Vault
from shared.broker import connection
from shared.clock import Clock, now
from shared.events.codec import Codec
from shared.events.intake import DuplicatesFound, IntakeEvent
from shared.service import Service
from shared.topics import INTAKE
from tests.waiting import eventually

PATH = "/api/v1/referrals"
PARTITIONS = 2
CODEC: Codec[Any] = Codec(IntakeEvent)


def referral(**facts: Any) -> dict[str, Any]:
    """The example with some facts changed."""
    body = copy.deepcopy(REFERRAL)
    body["facts"] |= facts
    return body


@asynccontextmanager
async def reading(kafka: Access, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer at the topic's start."""
    consumer = AIOKafkaConsumer(**connection(kafka.settings()), enable_auto_commit=False, fetch_max_wait_ms=100)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
        await consumer.seek_to_beginning()
        yield consumer
    finally:
        await consumer.stop()


async def records(kafka: Access, topic: str, referrals: Collection[UUID] = (), within: float = 60) -> list[Any]:
    """Every record on the topic, once it holds one of each of these referrals."""
    found: list[Any] = []
    async with reading(kafka, topic) as consumer:

        async def all_there() -> bool:
            for batch in (await consumer.getmany(timeout_ms=100)).values():
                found.extend(batch)
            ends = await consumer.end_offsets(consumer.assignment())
            seen = {record.key.decode() for record in found}
            return len(found) == sum(ends.values()) and {str(referral) for referral in referrals} <= seen

        await eventually(all_there, within=within)
    return found


async def events_of(kafka: Access, topic: str, referrals: Collection[UUID], within: float = 60) -> list[Any]:
    """Every event on the topic, once it holds one of each of these referrals; but for duplicates, which come when they may."""
    found = [CODEC.decode(record.value) for record in await records(kafka, topic, referrals, within)]
    return [event for event in found if not isinstance(event, DuplicatesFound)]


@dataclass
class Door:
    """A running intake."""

    client: httpx.AsyncClient
    service: Service
    kafka: Access
    """For looking; the service's own address may differ."""

    @property
    def topic(self) -> str:
        return self.service.settings.topic(INTAKE)

    async def post(self, body: dict[str, Any] | None = None, key: str | None = None) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        return await self.client.post(PATH, json=body or referral(), headers=headers)

    async def records(self) -> list[Any]:
        return await records(self.kafka, self.topic)

    async def events_of(self, *answers: httpx.Response, within: float = 60) -> list[Any]:
        return await events_of(self.kafka, self.topic, {UUID(a.json()["referral_id"]) for a in answers}, within)

    async def count(self, collection: str) -> int:
        return await self.service.database[collection].count_documents({})


@asynccontextmanager
async def open_door(settings: IntakeSettings, kafka: Access, clock: Clock = now) -> AsyncIterator[Door]:
    """Runs intake on a free port until the block ends."""
    service = build_app(settings, clock)
    port = free_port()
    config = uvicorn.Config(service.http, port=port, log_config=None, access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

        async def ready() -> bool:
            return server.started and (await client.get("/health/startup")).is_success

        try:
            await eventually(ready)
            yield Door(client, service, kafka)
        finally:
            server.should_exit = True
            await running


def vault_of(service: Service) -> Vault:
    """A vault of its own on the service's database and master key."""
    settings = service.settings
    assert isinstance(settings, IntakeSettings)
    return Vault(service.client, service.database, read_keyring(settings.vault_keyring_file))


def write_secret(folder: Path) -> Path:
    """A secret for tests."""
    file = folder / "receipt"
    file.write_text("only for tests, never for people 0123456789")
    return file
