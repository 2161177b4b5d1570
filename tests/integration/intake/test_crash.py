"""kill -9 at every named point of a real process: what was acknowledged is on the topic, and nothing is there twice.

One system for each point, all at the same time: referrals are posted until the process is gone, then it is started
again, and every client that had no answer tries again with its Idempotency-Key.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from pymongo.errors import PyMongoError

from deploy.embedded import Access
from deploy.embedded.child import Child
from deploy.embedded.ports import free_port
from deploy.embedded.service import ensure_keyring
from shared import mongo
from shared.events.envelope import event_id
from shared.topics import ACTIVITY, INTAKE, Topic
from tests.bus import provision
from tests.integration.intake.door import PARTITIONS, PATH, events_of, referral, write_secret
from tests.waiting import eventually

POINTS = (
    "intake_before_write",
    "intake_between_writes",
    "intake_after_write",
    "before_publish",
    "before_clear",
    "duplicates_after_event",
)


@dataclass
class System:
    """One intake process with a database and a topic of its own. `answers`: key to referral id, once acknowledged."""

    name: str
    kafka: Access
    environment: dict[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    keys: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    died: int | None = None

    @property
    def topic(self) -> str:
        return f"{self.name}.{INTAKE}"

    def start(self, crash_at: str = "") -> Child:
        environment = self.environment | {"CRASH_AT": crash_at, "HTTP_PORT": str(self.port)}
        child = Child("intake", [sys.executable, "-m", "services.intake.serve"], self.log, environment)
        child.start()
        return child

    async def ready(self, client: httpx.AsyncClient) -> None:
        async def probe() -> bool:
            try:
                return (await client.get("/health/ready")).is_success
            except httpx.TransportError:
                return False

        await eventually(probe, within=60, every=0.1)

    async def post(self, client: httpx.AsyncClient, key: str) -> None:
        try:
            answer = await client.post(PATH, json=referral(), headers={"idempotency-key": key})
        except httpx.TransportError:
            return
        if answer.status_code == 202:
            self.answers[key] = answer.json()["referral_id"]

    async def post_again(self, client: httpx.AsyncClient, key: str) -> None:
        async def acknowledged() -> bool:
            await self.post(client, key)
            return key in self.answers

        # Where the kill hits another referral between its last write and its commit, that key waits a minute (see the store).
        await eventually(acknowledged, within=75, every=0.2)

    async def post_until_it_dies(self, child: Child, client: httpx.AsyncClient) -> None:
        async def died() -> bool:
            self.keys.append(str(uuid.uuid4()))
            await self.post(client, self.keys[-1])
            return not child.running

        await eventually(died)
        self.died = child.exit_status

    async def run(self, point: str) -> None:
        """Crashes at the point, starts again, repeats what had no answer, waits until all of it is on the topic."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=20) as client:
            child = self.start(crash_at=f"{point}:6")
            try:
                await self.ready(client)
                await self.post_until_it_dies(child, client)
                child = self.start()
                await self.ready(client)
                await events_of(self.kafka, self.topic, {UUID(found) for found in self.answers.values()}, within=60)
                await asyncio.gather(*[self.post_again(client, key) for key in self.keys if key not in self.answers])
                await events_of(self.kafka, self.topic, {UUID(found) for found in self.answers.values()}, within=60)
            finally:
                child.stop()


@pytest.fixture(scope="module")
async def systems(kafka: Access, mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, System]]:
    """A system for each point, after its crash and recovery."""
    folder = tmp_path_factory.mktemp("crash")
    common = dict(os.environ) | {"MONGO_URL": mongo_url}
    common["RECEIPT_SECRET_FILE"] = str(write_secret(folder))
    common["VAULT_KEYRING_FILE"] = str(ensure_keyring(folder / "keyring"))
    found: dict[str, System] = {}
    for point in POINTS:
        name = f"t{uuid.uuid4().hex[:8]}"
        access = replace(kafka, prefix=f"{name}.")
        environment = common | access.environment("intake") | {"MONGO_DATABASE": name, "TOPIC_PREFIX": f"{name}."}
        found[point] = System(name, access, environment, folder / f"{point}.log")
        provision(access, topics=[Topic(f"{name}.{one}", PARTITIONS) for one in (INTAKE, ACTIVITY)])
    await asyncio.gather(*[system.run(point) for point, system in found.items()])
    yield found
    client = mongo.connect(mongo_url)
    for system in found.values():
        with suppress(PyMongoError):  # a killed transaction holds its locks for up to a minute
            await client[system.name].command("dropDatabase", maxTimeMS=1000)
    client.close()


@pytest.mark.parametrize("point", POINTS)
async def test_after_a_crash_every_acknowledged_referral_is_on_the_topic_once(
    point: str, systems: dict[str, System], mongo_url: str
) -> None:
    system = systems[point]
    assert system.died == -signal.SIGKILL, "the fault has to have happened"
    assert system.answers.keys() == set(system.keys), "in the end every client has its answer"
    events = await events_of(system.kafka, system.topic, {UUID(found) for found in system.answers.values()})
    assert {event.id for event in events} == {event_id("/intake", found, 1) for found in system.answers.values()}
    client = mongo.connect(mongo_url)
    try:
        for collection in ("referrals", "details"):
            stored = await client[system.name][collection].distinct("_id")
            assert set(stored) == set(system.answers.values())
    finally:
        client.close()
