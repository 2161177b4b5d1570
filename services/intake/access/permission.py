"""Whether somebody may read what belongs to a referral, and what of it: asked before each reading, and written down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.intake.access.consents import consents
from services.intake.access.grants import Grants, OriginalPurpose, Purpose
from services.intake.access.store import Standings
from services.intake.audit.deed import Deed, Kind
from services.intake.audit.store import Audit
from services.intake.store import Kept, ReferralStore
from shared.agencies import AgencyKind
from shared.clock import Clock
from shared.principal import Role


class Unseen(Exception):
    """There is no such referral, or it is not assigned to the reader's agency: nobody is told which."""


class HeldBack(Exception):
    """An event about who is assigned could not be applied: until it is, nobody reads this referral."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, for an agency of a kind."""

    subject: str
    role: Role
    agency: str
    kind: AgencyKind


@dataclass(frozen=True, slots=True)
class Permitted:
    """`kept`: what there is of the referral. `fields`: the names of what the reader may have, told or not."""

    kept: Kept
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Permission:
    """The same for details and files. `held_back`: whether an event about a referral waits, as one could not be applied."""

    referrals: ReferralStore
    standings: Standings
    grants: Grants
    audit: Audit
    clock: Clock
    held_back: Callable[[str], Awaitable[bool]]

    async def ask(self, reader: Reader, id_: UUID, purpose: Purpose | OriginalPurpose) -> Permitted:
        """What the reader may have now. Unseen, which is written down where there is such a referral; HeldBack; Unavailable."""
        referral = str(id_)
        kept = await self.referrals.find(referral)
        if kept is None:
            raise Unseen
        if await self.held_back(referral):
            raise HeldBack
        standing = (await self.standings.load([referral]))[referral]
        if not self.grants.open_to(reader.agency, standing) or reader.agency in kept.facts.excluded_agencies:
            await self.note(Kind.reading_refused, reader, id_, purpose)
            raise Unseen
        return Permitted(kept, self.grants.fields(reader.role, reader.kind, consents(kept.facts)))

    async def note(
        self, kind: Kind, reader: Reader, id_: UUID, purpose: Purpose | OriginalPurpose, fields: tuple[str, ...] = ()
    ) -> None:
        """Writes it down; durable when this returns. Unavailable."""
        deed = Deed(self.clock(), kind, str(id_), reader.subject, reader.role, reader.agency, purpose, fields)
        await self.audit.append(deed)
