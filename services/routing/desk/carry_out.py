"""Carrying out a command: load, check, decide, save over the version that was looked at, publish. Once for each key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from services.routing import metrics
from services.routing.commands.authorization import may, may_see
from services.routing.commands.conduct import Order, conduct, inherit
from services.routing.commands.forms import LinkDuplicate
from services.routing.commands.refusal import Refusal
from services.routing.desk.desk import Desk
from services.routing.desk.remembered import Sent, answered, memory
from services.routing.keeping.change import Document
from services.routing.keeping.document import from_document
from services.routing.keeping.fold import Fold
from services.routing.keeping.history import By, person, short_name, shown
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided
from shared.delivery.errors import Unavailable

_ROUNDS = 5


class Unseen(Exception):
    """There is no such referral, or none that this person may know of: nobody can tell which."""


class NotAllowed(Exception):
    """The person's role does not go so far."""


class Refused(Exception):
    """The referral is not in a state for it."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Changed(Exception):
    """It is no longer what was looked at. `since`: what happened, as the person may see it, newest first."""

    def __init__(self, version: int, since: list[dict[str, Any]]) -> None:
        super().__init__()
        self.version = version
        self.since = since


@dataclass(frozen=True)
class CarryOut:
    """The use case. It waits for the database and not for the broker: what was written is published in any case."""

    desk: Desk

    async def __call__(self, id_: UUID, order: Order, looked_at: int, came: Sent | None) -> Mapping[str, Any]:
        """What was done: `{id, version, status, did}`. Unseen, NotAllowed, Changed, Refused, KeyReused, Unavailable."""
        for _ in range(_ROUNDS):
            document = await self._load(id_)
            fold = Fold(document, self.desk.journal)
            referral = from_document(document)
            before = answered(document, came)
            if before and order.actor.agency not in referral.barred:
                return before
            if not may_see(order.actor, referral):
                raise Unseen
            if not may(order.actor, order.command):
                raise NotAllowed
            if referral.version != looked_at:
                raise Changed(referral.version, await self._since(document, referral, order, looked_at))
            done = await self._decide(fold, referral, order)
            if await self._save(fold, done, came):
                return done
        raise Unavailable("the referral is written to all the time")

    async def _load(self, id_: UUID) -> Document:
        document = (await self.desk.referrals.load([id_])).get(id_)
        if document is None:
            raise Unseen
        return document

    async def _since(self, document: Document, referral: Referral, order: Order, looked_at: int) -> list[dict[str, Any]]:
        """The newest changes after the version, at most those of 50 versions."""
        versions = range(max(looked_at + 1, referral.version - 49), referral.version + 1)
        return shown(await self.desk.referrals.history(document, versions), referral, order.actor)

    async def _decide(self, fold: Fold, referral: Referral, order: Order) -> dict[str, Any]:
        now, by = self.desk.clock(), person(order.actor)
        other = None
        if isinstance(order.command, LinkDuplicate):
            other = await self._linked(order.command.duplicate_of)
        decided = conduct(referral, order, self.desk.book, now, other=other)
        if isinstance(decided, Refusal):
            raise Refused(decided)
        if other is not None:
            await self._pass_on_exclusions(other.id, referral, by)
        fold.add(decided, order.id, now, by)
        return _done(decided)

    async def _linked(self, id_: UUID) -> Referral | None:
        document = (await self.desk.referrals.load([id_])).get(id_)
        return from_document(document) if document else None

    async def _pass_on_exclusions(self, to: UUID, linked: Referral, by: By) -> None:
        """Before the link itself: a crash in between leaves out somebody too many, never too few."""

        def decide(fold: Fold, source: Referral, at: Any) -> None:
            decided = inherit(fold.referral, source, self.desk.book, at) if fold.referral else None
            if decided:
                fold.add(decided, None, at, by)

        await self.desk.work({to: linked}, decide)

    async def _save(self, fold: Fold, done: Mapping[str, Any], came: Sent | None) -> bool:
        """False where somebody else was quicker."""
        change = fold.change(memory(came, done) if came else None)
        if change is None:
            return True
        stamp = uuid4()
        if await self.desk.referrals.save([change], stamp):
            metrics.WRITE_CONFLICTS.inc()
            return False
        self.desk.relay.hint(change.published(stamp))
        metrics.count_happened([fold])
        return True


def _done(decided: Decided) -> dict[str, Any]:
    referral = decided.referral
    return {
        "id": str(referral.id),
        "version": referral.version + 1,
        "status": referral.status.value,
        "did": [short_name(happening.event) for happening in decided.happened],
    }
