"""People who ask intake for details, for tests: signed in by a key of the test's own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from deploy.embedded import Access, Issuer
from deploy.embedded.child import Child
from deploy.embedded.ports import HOST, free_port
from services.intake.access.store import Standings
from services.intake.access.usecases import FollowAssignments
from services.intake.app import build_app
from services.intake.audit.deed import Deed
from services.intake.audit.store import Audit, Filter, audit_of
from services.intake.seal import read_seal
from services.intake.settings import IntakeSettings
from shared.chain import Entry
from shared.principal import Role
from shared.service import Service
from tests.integration.intake.door import PATH, referral
from tests.running import running_service
from tests.waiting import eventually


class Desk:
    """A running intake, and everybody who may sign in."""

    def __init__(self, client: httpx.AsyncClient, service: Service, issuer: Issuer, access: Access) -> None:
        self.client = client
        self.access = access
        self.service = service
        self.issuer = issuer
        assert isinstance(service.settings, IntakeSettings)
        self.audit: Audit = audit_of(service.database, read_seal(service.settings.receipt_secret_file))
        self.follow = FollowAssignments(Standings(service.database))

    async def tell(self, body: dict[str, Any] | None = None) -> str:
        """A new referral's id."""
        answer = await self.client.post(PATH, json=body or referral())
        assert answer.status_code == 202, answer.text
        return str(answer.json()["referral_id"])

    async def read(
        self, id_: str, role: Role = Role.staff, agency: str | None = None, *, purpose: str = "contact", subject: str = ""
    ) -> httpx.Response:
        """What this person is answered."""
        headers = {"Authorization": f"Bearer {self.issuer.token(role, agency, subject=subject)}"}
        return await self.client.get(f"{PATH}/{id_}/details", params={"purpose": purpose}, headers=headers)

    async def entries(self, **wanted: Any) -> list[Entry[Deed]]:
        return [entry async for entry in self.audit.find(Filter(**wanted))]


def trusting(settings: IntakeSettings, issuer: Issuer) -> IntakeSettings:
    """The settings of an intake that takes the issuer's tokens."""
    told = issuer.environment()
    identity = settings.identity.model_copy(update={"issuer": told["OIDC_ISSUER"], "jwks_url": told["OIDC_JWKS_URL"]})
    return settings.model_copy(update={"identity": identity})


@asynccontextmanager
async def open_desk(settings: IntakeSettings, folder: Path, access: Access) -> AsyncIterator[Desk]:
    """Intake, running, with a development issuer that it trusts."""
    issuer = Issuer(folder / "key", folder / "issuer.log").start()
    try:
        service = build_app(trusting(settings, issuer))
        async with running_service(service) as client:
            yield Desk(client, service, issuer, access)
    finally:
        issuer.stop()


@asynccontextmanager
async def doomed(desk: Desk, folder: Path, crash_at: str) -> AsyncIterator[Desk]:
    """The same intake in a process of its own, which the crash point has killed when the block ends."""
    settings, port = desk.service.settings, free_port()
    assert isinstance(settings, IntakeSettings)
    environment = os.environ | desk.access.environment("intake") | desk.issuer.environment() | {
        "MONGO_URL": settings.mongo.connection_string(), "MONGO_DATABASE": settings.mongo.database,
        "TOPIC_PREFIX": settings.topic_prefix, "INSTANCE": "killed", "HTTP_PORT": str(port), "CRASH_AT": crash_at,
        "RECEIPT_SECRET_FILE": str(settings.receipt_secret_file), "VAULT_KEYRING_FILE": str(settings.vault_keyring_file),
    }  # fmt: skip
    child = Child("intake", [sys.executable, "-m", "services.intake.serve"], folder / "killed.log", dict(environment))
    child.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=20) as client:

            async def ready() -> bool:
                try:
                    return (await client.get("/health/ready")).is_success
                except httpx.TransportError:
                    return False

            async def ended() -> bool:
                return not child.running

            await eventually(ready, every=0.1)
            yield Desk(client, desk.service, desk.issuer, desk.access)
            await eventually(ended)
        assert child.exit_status == -signal.SIGKILL
    finally:
        child.stop()
