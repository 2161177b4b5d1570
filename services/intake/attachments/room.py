"""The parts of this room, wired: what the service's app.py puts in its place."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.intake.access.permission import Permission
from services.intake.attachments.cabinet import Cabinet
from services.intake.attachments.limits import load_limits
from services.intake.attachments.reading import ReadAttachments
from services.intake.attachments.redrawing import Redrawing
from services.intake.attachments.scanner import Scanner
from services.intake.attachments.scanning import Scanning
from services.intake.attachments.store import AttachmentStore
from services.intake.attachments.tending import NAME, Tending
from services.intake.attachments.usecases import AddAttachment
from services.intake.seal import Seal
from services.intake.settings import IntakeSettings
from services.intake.store import ReferralStore
from services.intake.vault.vault import Vault
from shared.service import Service

Announce = Callable[[UUID], Awaitable[None]]
"""Tells those who have to know that a referral has a new file. Unavailable."""


@dataclass(frozen=True, slots=True)
class Attachments:
    """`add`: taking a file, whichever way it comes."""

    add: AddAttachment
    store: AttachmentStore
    cabinet: Cabinet
    scanning: Scanning

    def reading(self, permission: Permission) -> ReadAttachments:
        """Giving files out, to those with permission."""
        return ReadAttachments(permission, self.store, self.cabinet, self.scanning)


def attachments_of(
    service: Service, settings: IntakeSettings, referrals: ReferralStore, vault: Vault, *, seal: Seal, announce: Announce
) -> Attachments:
    """Makes them, with the step that prepares the database and the loop that looks after files. OSError; ValueError."""
    limits, store = load_limits(settings.config_dir), AttachmentStore(service.database)
    cabinet = Cabinet(store, vault)
    scanning = Scanning(store, cabinet, Scanner(settings.clamd_address) if settings.clamd_address else None)
    service.prepare(store.prepare)
    add = AddAttachment(
        referrals, vault, store, cabinet, Redrawing(limits.pictures), scanning, limits, seal, service.clock,
        asyncio.Semaphore(limits.at_once), announce,
    )  # fmt: skip
    service.loop(NAME, Tending(store, scanning, service.clock, add.tell).run)
    return Attachments(add, store, cabinet, scanning)
