"""Destroying what is due: written down first, then the key, then what it had encrypted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.intake.access.standing import Ended
from services.intake.access.store import Standings
from services.intake.attachments.store import AttachmentStore
from services.intake.audit.deed import Deed, Kind
from services.intake.audit.store import Audit
from services.intake.retention.schedule import Schedule
from services.intake.retention.store import Certificate, RetentionStore
from services.intake.vault.vault import Vault
from shared.chain import Entry
from shared.clock import Clock
from shared.crash import crash_point

OPERATOR = "operator"
"""Who acts by a command on the host: the audit knows no more of them."""


class HoldReason(StrEnum):
    """Why details may not be destroyed."""

    litigation = "litigation"
    investigation = "investigation"
    records_request = "records_request"
    audit = "audit"


@dataclass(frozen=True, slots=True)
class Due:
    """Details whose time is over. `held`: why they are kept all the same."""

    referral: str
    ended: Ended
    at: datetime
    fields: int
    files: int
    held: str | None


@dataclass(frozen=True, slots=True)
class Retention:
    """Crash points: retention_after_audit, retention_after_key, retention_after_certificate.

    Whatever is interrupted is done by the next run.
    """

    standings: Standings
    schedule: Schedule
    store: RetentionStore
    vault: Vault
    attachments: AttachmentStore
    audit: Audit
    clock: Clock

    async def due(self) -> AsyncIterator[Due]:
        """Everything whose time is over now, held or not, the oldest end first."""
        now = self.clock()
        async for referral, ended in self.standings.ended():
            at = self.schedule.due(ended)
            if at is None or at > now:
                continue
            fields, files = await self.store.told(referral), await self.attachments.count(referral)
            if fields or files:
                yield Due(referral, ended, at, fields, files, await self.store.held(referral))

    async def destroy(self, due: Due) -> Certificate | None:
        """None where the referral goes on again, or is held. Unavailable where the database is away."""
        standing = (await self.standings.load([due.referral]))[due.referral]
        if standing.ended != due.ended or await self.store.held(due.referral):
            return None
        entry = await self._note(Kind.destroyed, due.referral, due.ended.reason)
        crash_point("retention_after_audit")
        await self.vault.destroy(due.referral)
        crash_point("retention_after_key")
        at, number, digest = entry.deed.at, entry.number, entry.digest.hex()
        ended = due.ended
        # Without its key the ciphertext is dead. It goes last, as a referral that has some left is found again by the next run.
        certificate = await self.store.certify(
            Certificate(due.referral, ended.reason, ended.at, due.at, at, due.fields, number, digest, due.files)
        )
        crash_point("retention_after_certificate")
        await self.store.erase(due.referral, at)
        await self.attachments.erase(due.referral)
        return certificate

    async def hold(self, referral: str, reason: HoldReason) -> bool:
        """Whether it was not held before."""
        new = await self.store.hold(referral, reason, self.clock())
        if new:
            await self._note(Kind.hold_set, referral, reason)
        return new

    async def lift(self, referral: str) -> bool:
        """Whether it was held. Written down first: a hold that ends leaves a trace."""
        reason = await self.store.held(referral)
        if reason is None:
            return False
        await self._note(Kind.hold_lifted, referral, reason)
        return await self.store.lift(referral)

    async def _note(self, kind: Kind, referral: str, why: str) -> Entry[Deed]:
        return await self.audit.append(Deed(self.clock(), kind, referral, OPERATOR, OPERATOR, OPERATOR, why))
