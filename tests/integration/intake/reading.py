"""People who ask intake for details, for tests: signed in by a key of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from deploy.embedded import Access, Issuer
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
