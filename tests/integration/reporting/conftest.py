"""Reporting, really running on topics and a database of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.embedded import Access, Issuer
from deploy.embedded.service import ensure_secret
from services.reporting.app import build_app
from services.reporting.rebuild.rebuild import Rebuild
from services.reporting.settings import ReportingSettings
from shared.broker import Message, Publisher
from shared.clock import now
from shared.events.codec import encode
from shared.mongo import Database
from shared.principal import Role
from shared.settings import IdentitySettings, ServiceSettings
from shared.topics import ACTIVITY, DELIVERED, INTAKE
from tests.bus import provision
from tests.figures import TARGETS
from tests.histories import Life
from tests.oracle import assert_figures
from tests.running import running_service
from tests.waiting import eventually


class World:
    """Topics to publish to, a database to look into, and the service to start."""

    def __init__(self, settings: ReportingSettings, access: Access, database: Database, issuer: Issuer) -> None:
        self.settings = settings
        self.issuer = issuer
        self.database = database
        self.access = access
        self.publisher = Publisher(access.settings())  # plays intake, routing and notifications
        self.published: list[Any] = []

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of its own needs to be this service."""
        s = self.settings
        return {
            **os.environ,
            **self.access.environment("reporting"),
            "KAFKA_SESSION_TIMEOUT_MS": "6000",
            "MONGO_URL": s.mongo.connection_string(),
            "MONGO_DATABASE": s.mongo.database,
            "TOPIC_PREFIX": s.topic_prefix,
            "INSTANCE": s.instance,
            **more,
        }

    async def publish_bytes(self, topic: str, key: bytes | None, *values: bytes) -> None:
        """Anything at all."""
        await self.publisher.send([Message(self.settings.topic(topic), key, value) for value in values])

    async def publish(self, lives: Iterable[Life], *topics: str) -> None:
        """The events of these lives on their topics (all, or those named), and remembers them for the oracle."""
        lives = list(lives)
        for topic, part in ((ACTIVITY, "activity"), (INTAKE, "intake"), (DELIVERED, "delivered")):
            if not topics or topic in topics:
                events = [event for life in lives for event in getattr(life, part)]
                messages = [Message(self.settings.topic(topic), str(e.subject).encode(), encode(e)) for e in events]
                await self.publisher.send(messages)
                self.published += events

    @asynccontextmanager
    async def running(self, role: Role | None = Role.analyst) -> AsyncIterator[httpx.AsyncClient]:
        """The service in this process, and a client of it who has signed in with the role."""
        async with running_service(build_app(self.settings)) as client:
            client.headers.update(self.sign_in(role) if role else {})
            yield client

    def sign_in(self, role: Role, agency: str | None = None) -> dict[str, str]:
        """The header that says who asks."""
        return {"Authorization": f"Bearer {self.issuer.token(role, agency)}"}

    async def in_step(self, client: httpx.AsyncClient) -> None:
        """Waits until every event published so far has counted and the service has seen it."""
        await self.all_applied()
        await self.has_looked(client)

    async def has_looked(self, client: httpx.AsyncClient) -> None:
        """Waits until the service has looked at the database once more."""
        before = now()

        async def seen() -> bool:
            as_of = (await client.get("/api/v1/report?to=2000-01-01")).json()["as_of"]
            return datetime.fromisoformat(as_of["now"]) > before

        await eventually(seen)

    async def rebuild(self, most_cases: int = 20_000) -> int:
        """Rebuilds in this process; how many referrals that gave."""
        settings = self.settings.model_copy(update={"rebuild_cases": most_cases})
        service = build_app(settings)
        try:
            return await Rebuild(service, settings, lambda _: None).run()
        finally:
            service.client.close()

    async def lease_ends(self) -> None:
        """A minute passes for the rebuild that died."""
        await self.database["rebuilds"].update_one({}, {"$set": {"until": now()}})

    async def applied(self) -> Mapping[str, int]:
        """How many events each part of the cases holds, over all cases."""
        parts = ("intake", "activity", "delivered")
        sums = {part: {"$sum": f"$applied.{part}"} for part in parts}
        found = await self.database["cases"].aggregate([{"$group": {"_id": None, **sums}}]).to_list(1)
        return found[0] if found else dict.fromkeys(parts, 0)

    async def all_applied(self) -> None:
        """Waits until every event published so far has counted."""

        async def done() -> bool:
            applied = await self.applied()
            return sum(applied[part] for part in ("intake", "activity", "delivered")) == len({e.id for e in self.published})

        await eventually(done)

    def check(self, report: Any, **period: Any) -> None:
        """The report's figures are those of the oracle."""
        assert_figures(report["figures"], self.published, TARGETS, **period)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    """Signs everybody in."""
    folder = tmp_path_factory.mktemp("issuer")
    issuer = Issuer(folder / "key", folder / "issuer.log").start()
    yield issuer
    issuer.stop()


@pytest.fixture
async def world(
    settings: ServiceSettings, access: Access, database: Database, issuer: Issuer, tmp_path: Path
) -> AsyncIterator[World]:
    """A world of its own, with its topics."""
    provision(access)
    own: dict[str, Any] = {"kafka": access.settings("reporting", session_timeout_ms=6000)}
    told = issuer.environment()
    own["identity"] = IdentitySettings(issuer=told["OIDC_ISSUER"], jwks_url=told["OIDC_JWKS_URL"])
    own["extract_secret_file"] = ensure_secret(tmp_path / "extract")
    new = World(ReportingSettings(**dict(settings) | own, pause_seconds=0, look_seconds=0.1), access, database, issuer)
    yield new
    await new.publisher.stop()
