"""Following who is assigned, and reading details: decide, write down who reads what, and only then decrypt."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.access.consents import consents
from services.intake.access.grants import Grants, Purpose
from services.intake.access.standing import Standing, followed
from services.intake.access.store import Standings
from services.intake.audit.chain import Deed, Kind
from services.intake.audit.store import Audit
from services.intake.store import ReferralStore
from services.intake.vault.leaves import grown
from services.intake.vault.vault import Destroyed, Vault
from shared.agencies import AgencyKind
from shared.clock import Clock
from shared.crash import crash_point
from shared.delivery.errors import Transient
from shared.principal import Role

MOST_TRIES = 5


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
class Given:
    """`details`: what the reader may have, as it was told. `withheld`: whether there is more that they may not."""

    details: dict[str, Any]
    withheld: bool


class FollowAssignments:
    """The use case behind the reader of `referrals.activity`: every event counts once, in order per referral."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings

    async def __call__(self, events: Sequence[Any], *, accept_gap: bool = False) -> None:
        """Gap where an event before one of these is missing; Transient where others keep writing the same referrals."""
        by_referral: dict[str, list[Any]] = defaultdict(list)
        for event in events:
            by_referral[str(event.subject)].append(event)
        for _ in range(MOST_TRIES):
            loaded = await self._standings.load(by_referral)
            after = {id_: _after(loaded[id_], told, accept_gap=accept_gap) for id_, told in by_referral.items()}
            changes = [(id_, loaded[id_], new) for id_, new in after.items() if new.sequence != loaded[id_].sequence]
            if not changes or await self._standings.save(changes):
                return
        raise Transient("standings kept moving")


def _after(standing: Standing, events: Sequence[Any], *, accept_gap: bool) -> Standing:
    for event in events:
        after = followed(standing, event, accept_gap=accept_gap)
        if after is not None:
            standing, accept_gap = after, False
    return standing


@dataclass(frozen=True, slots=True)
class ReadDetails:
    """The use case behind GET /api/v1/referrals/ID/details. Crash point: intake_after_audit.

    `held_back`: whether an event about a referral waits because it, or one before it, could not be applied.
    """

    referrals: ReferralStore
    standings: Standings
    grants: Grants
    vault: Vault
    audit: Audit
    clock: Clock
    held_back: Callable[[str], Awaitable[bool]]

    async def __call__(self, reader: Reader, id_: UUID, purpose: Purpose) -> Given:
        """Unseen; HeldBack; Destroyed or Unreadable by the vault; Unavailable. The audit has an entry before this returns."""
        referral = str(id_)
        kept = await self.referrals.find(referral)
        if kept is None:
            raise Unseen
        if await self.held_back(referral):
            raise HeldBack
        standing = (await self.standings.load([referral]))[referral]
        if not self.grants.open_to(reader.agency, standing) or reader.agency in kept.facts.excluded_agencies:
            await self._note(Kind.reading_refused, reader, referral, purpose, ())
            raise Unseen
        may = self.grants.fields(reader.role, reader.kind, consents(kept.facts))
        given = {name: stored for name, stored in kept.fields.items() if name in may}
        await self._note(Kind.details_read, reader, referral, purpose, tuple(given))
        crash_point("intake_after_audit")
        if kept.destroyed:
            raise Destroyed
        found = await self.vault.decrypt(referral, given) if given else {}
        return Given(grown(found), withheld=len(given) < len(kept.fields))

    async def _note(self, kind: Kind, reader: Reader, referral: str, purpose: Purpose, fields: tuple[str, ...]) -> None:
        deed = Deed(self.clock(), kind, referral, reader.subject, reader.role, reader.agency, purpose, fields)
        await self.audit.append(deed)
