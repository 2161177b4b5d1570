"""Following who is assigned, and reading details: decide, write down who reads what, and only then decrypt."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.access.grants import Purpose
from services.intake.access.permission import Permission, Reader
from services.intake.access.standing import Standing, followed
from services.intake.access.store import Standings
from services.intake.audit.deed import Kind
from services.intake.vault.leaves import grown
from services.intake.vault.vault import Destroyed, Vault
from shared.crash import crash_point
from shared.delivery.errors import Transient

MOST_TRIES = 5


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
    """The use case behind GET /api/v1/referrals/ID/details. Crash point: intake_after_audit."""

    permission: Permission
    vault: Vault

    async def __call__(self, reader: Reader, id_: UUID, purpose: Purpose) -> Given:
        """Unseen; HeldBack; Destroyed or Unreadable by the vault; Unavailable. The audit has an entry before this returns."""
        permitted = await self.permission.ask(reader, id_, purpose)
        kept = permitted.kept
        given = {name: stored for name, stored in kept.fields.items() if name in permitted.fields}
        await self.permission.note(Kind.details_read, reader, id_, purpose, tuple(given))
        crash_point("intake_after_audit")
        if kept.destroyed:
            raise Destroyed
        found = await self.vault.decrypt(str(id_), given) if given else {}
        return Given(grown(found), withheld=len(given) < len(kept.fields))
