"""A provider's system that sends referrals and files, and people who read them, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from services.intake.access.grants import load_grants
from services.intake.access.permission import Permission, Reader
from services.intake.access.store import Standings
from services.intake.attachments.reading import ReadAttachments
from services.intake.attachments.room import Announce, Attachments, attachments_of
from services.intake.attachments.tending import Tending
from services.intake.audit.store import audit_of
from services.intake.seal import read_seal
from services.intake.settings import IntakeSettings
from services.intake.store import ReferralStore
from shared.agencies import AgencyKind
from shared.clock import now
from shared.principal import Role, Scope
from shared.service import Service
from tests.activity import Life
from tests.integration.intake.door import PATH, referral, vault_of
from tests.integration.intake.reading import Desk


class Clinic:
    """The system, with some scopes: all, where none are named."""

    def __init__(self, desk: Desk, name: str = "clinic-1", *scopes: Scope) -> None:
        self._client = desk.client
        self._headers = {"Authorization": f"Bearer {desk.issuer.system_token(name, *(scopes or Scope))}"}

    async def tell(self, **facts: Any) -> str:
        """A new referral's id."""
        answer = await self._client.post(PATH, json=referral(**facts), headers=self._headers)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["referral_id"])

    async def add(self, id_: str, content: Any, name: str = "photo.jpg", key: str | None = None) -> httpx.Response:
        """What is answered to a file."""
        return await self.post(id_, files={"file": (name, content)}, headers={"Idempotency-Key": key} if key else {})

    async def added(self, id_: str, content: bytes, name: str = "photo.jpg") -> str:
        """A new file's id."""
        answer = await self.add(id_, content, name)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["attachment_id"])

    async def post(self, id_: str, *, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """What is answered to any body."""
        return await self._client.post(f"{PATH}/{id_}/attachments", headers=self._headers | (headers or {}), **body)


READER = Reader("person-7", Role.staff, "dcf", AgencyKind.child_protection)


async def nobody(_: UUID) -> None:
    """Nobody has to be told."""


def rooms(service: Service, scanner: str = "", announce: Announce = nobody) -> tuple[Attachments, ReadAttachments]:
    """Taking and giving out files, as an intake does that has this scanner in its settings."""
    settings = service.settings
    assert isinstance(settings, IntakeSettings)
    settings = settings.model_copy(update={"clamd_address": scanner})
    vault = vault_of(service)
    referrals = ReferralStore(service.client, service.database, vault, settings.answer_seconds)
    seal = read_seal(settings.receipt_secret_file)
    files = attachments_of(service, settings, referrals, vault, seal=seal, announce=announce)

    async def never(_: str) -> bool:
        return False

    standings, audit = Standings(service.database), audit_of(service.database, seal)
    return files, files.reading(Permission(referrals, standings, load_grants(Path("config")), audit, now, never))


def tending(files: Attachments) -> Tending:
    """The loop that looks after files, to be gone round by hand."""
    return Tending(files.store, files.scanning, now, files.add.tell)


async def offered(desk: Desk, id_: str, *agencies: str) -> Life:
    """The referral's life so far: these agencies are asked to act."""
    life = Life(UUID(id_))
    await desk.follow([life.routed(), *[life.offered(agency) for agency in agencies]])
    return life


async def get(
    desk: Desk, id_: str, *rest: str, role: Role = Role.staff, agency: str = "dcf", purpose: str = "contact"
) -> httpx.Response:
    """What this person is answered: the list, or with a file's id the file, or its original."""
    headers = {"Authorization": f"Bearer {desk.issuer.token(role, agency, subject='person-7')}"}
    path = "/".join((PATH, id_, "attachments", *rest))
    return await desk.client.get(path, params={"purpose": purpose}, headers=headers)
