"""What routing does, in batches: takes intake's events, takes agencies' events, runs out clocks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from services.routing import metrics
from services.routing.agencies.record import AgencyRecord, Refused
from services.routing.agencies.rejection_store import Rejections
from services.routing.agencies.sitting import Sitting
from services.routing.desk.desk import Desk
from services.routing.keeping.change import Document
from services.routing.keeping.fold import Fold
from services.routing.keeping.history import INTAKE
from services.routing.turns.alike import Alike
from services.routing.turns.expiry import run_out
from shared.delivery.errors import Gap
from shared.delivery.order import is_new
from shared.events.intake import IntakeEvent
from shared.outbox import Relay

log = structlog.get_logger(__name__)
AT_ONCE = 100
"""Referrals whose clocks are run out in one round."""


@dataclass(frozen=True)
class TakeIntake:
    """Routes what is new, and follows supplements and withdrawals. A referral that misses an event does not hold up others."""

    desk: Desk

    async def apply(self, events: Sequence[IntakeEvent], *, accept_gap: bool = False) -> None:
        """Gap where an event of a referral is missing, after all other referrals had their effect."""
        gaps: set[UUID] = set()
        alike = Alike(self.desk.book)

        def decide(fold: Fold, its: list[IntakeEvent], at: datetime) -> None:
            try:
                for event in its:
                    _decide(fold, event, alike, at, accept_gap=accept_gap)
            except Gap:
                gaps.add(its[0].subject)

        new, known = _by_referral(events)
        metrics.count_happened(await self.desk.work(new, decide, first=new.keys()))
        metrics.count_happened(await self.desk.work(known, decide))
        if gaps:
            raise Gap


def _by_referral(events: Iterable[IntakeEvent]) -> tuple[dict[UUID, list[IntakeEvent]], dict[UUID, list[IntakeEvent]]]:
    """The events of each referral: of those that begin with its first event, and of those that go on with one."""
    by_referral: dict[UUID, list[IntakeEvent]] = defaultdict(list)
    for event in events:
        by_referral[event.subject].append(event)
    new = {id_: its for id_, its in by_referral.items() if its[0].sequence == 1}
    return new, {id_: its for id_, its in by_referral.items() if id_ not in new}


def _decide(fold: Fold, event: IntakeEvent, alike: Alike, at: datetime, *, accept_gap: bool) -> None:
    taken = fold.referral.taken if fold.referral else 0
    if is_new(taken, event.sequence, accept_gap=accept_gap):
        decided = alike.take(fold.referral, event, at)
        if decided is not None:
            fold.add(decided, event.id, at, INTAKE)


@dataclass(frozen=True)
class TakeAgencyEvents:
    """Gives agencies' events their effect, or tells the agency why there is none.

    A rejection is stored before anything else: once told, it stands, even if the same event would be allowed later.
    """

    desk: Desk
    rejections: Rejections
    relay: Relay
    inbox: Callable[[str], str]
    """The topic of an agency's inbox."""
    count: Callable[[Iterable[Fold], Iterable[str]], None] = metrics.count_agency_events

    async def apply(self, events: Sequence[AgencyRecord], *, accept_gap: bool = False) -> None:
        """Records of agencies have no sequence, so that no gap can be seen or accepted."""
        known = await self.rejections.load({record.rejection_id for record in events})
        sitting = Sitting(self.desk, self.rejections, self.inbox, known)
        readable: dict[UUID, list[AgencyRecord]] = defaultdict(list)
        for record in events:
            if isinstance(record.content, Refused):
                sitting.reject(record, record.content.reason, self.desk.clock())
            else:
                readable[record.content.subject].append(record)
        self.count(await self.desk.work(readable, sitting.decide, sitting.store), ())
        await sitting.store()
        self.count((), sitting.results.values())
        await self.relay.publish(list(sitting.known.values()))


@dataclass(frozen=True)
class RunOutClocks:
    """Fires the clocks that are due, the most urgent first, `most` referrals at a time."""

    desk: Desk
    most: int = AT_ONCE

    async def fire(self) -> int:
        """One round; how many referrals were due. What another instance fired first is left to it."""
        now = self.desk.clock()
        due = await self.desk.referrals.due(now, self.most)
        folds = {document["_id"]: fold for document in due if (fold := self._run_out(document, now))}
        conflicts = await self.desk.write(folds)
        fired = [fold for id_, fold in folds.items() if id_ not in conflicts]
        metrics.count_happened(fired)
        metrics.count_lateness([document["due"]["at"] for document in due if document["_id"] not in conflicts], now)
        return len(due)

    def _run_out(self, document: Document, now: datetime) -> Fold | None:
        """None where the referral cannot be decided on: it must not stop the clocks of all others."""
        try:
            fold = Fold(document, self.desk.journal)
            decided = run_out(fold.referral, self.desk.book, now) if fold.referral else None
            if decided is not None:
                fold.add(decided, None, now)
        except Exception as error:
            metrics.CLOCK_FAILURES.inc()
            log.error("clock_failed", referral_id=str(document["_id"]), exc_info=error)
            return None
        return fold
