"""What routing does, in batches: takes intake's events, takes agencies' events, runs out clocks."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

import structlog

from services.routing import metrics
from services.routing.agency_record import AgencyRecord, Refused
from services.routing.alike import Alike
from services.routing.answers import answer
from services.routing.change import Document
from services.routing.desk import Desk
from services.routing.expiry import run_out
from services.routing.fold import Fold
from services.routing.history import INTAKE, system_of
from services.routing.rejections import rejection
from services.routing.store import Rejections
from shared.delivery.errors import Gap
from shared.delivery.order import is_new
from shared.events.agency import OutboxEvent
from shared.events.intake import IntakeEvent
from shared.outbox import Relay
from shared.vocabulary import Rejection

log = structlog.get_logger(__name__)
W = TypeVar("W")
AT_ONCE = 100
"""Referrals that are loaded at once, whole: some megabytes of them. In hundreds they made routing twice as large."""


def _parts(work: Mapping[UUID, W], most: int) -> Iterator[dict[UUID, W]]:
    left = iter(work.items())
    while part := dict(islice(left, most)):
        yield part


@dataclass(frozen=True)
class TakeIntake:
    """Routes what is new, and follows supplements and withdrawals. A referral that misses an event does not hold up others."""

    desk: Desk
    part: int = 250
    at_once: int = 3
    """Parts that are worked on: while the database writes one, another is decided. More would only need more memory."""

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

        by_referral: dict[UUID, list[IntakeEvent]] = defaultdict(list)
        for event in events:
            by_referral[event.subject].append(event)
        await self._in_parts(by_referral, decide)
        if gaps:
            raise Gap

    async def _in_parts(self, work: dict[UUID, list[IntakeEvent]], decide: Callable[..., None]) -> None:
        """Decides on one part while the database writes others. A referral is in one part only, so that its order holds."""
        room = asyncio.Semaphore(self.at_once)

        async def one(part: dict[UUID, list[IntakeEvent]]) -> None:
            async with room:
                first = {id_ for id_, its in part.items() if its[0].sequence == 1}
                metrics.count_happened(await self.desk.work(part, decide, first=first))

        for failure in await asyncio.gather(*map(one, _parts(work, self.part)), return_exceptions=True):
            if failure is not None:
                raise failure


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
        sitting = _Sitting(self, await self.rejections.load({record.rejection_id for record in events}))
        readable: dict[UUID, list[AgencyRecord]] = defaultdict(list)
        for record in events:
            if isinstance(record.content, Refused):
                sitting.reject(record, record.content.reason, self.desk.clock())
            else:
                readable[record.content.subject].append(record)
        for part in _parts(readable, AT_ONCE):
            self.count(await self.desk.work(part, sitting.decide, sitting.store), ())
        await sitting.store()
        self.count((), sitting.results.values())
        await self.relay.publish(list(sitting.known.values()))


class _Sitting:
    """One batch of agencies' events: `known` rejections, those still to be stored, and what became of every record."""

    def __init__(self, use: TakeAgencyEvents, known: dict[UUID, Document]) -> None:
        self._use = use
        self.known = known
        self._fresh: dict[UUID, Document] = {}
        self.results: dict[str, str] = {}

    def decide(self, fold: Fold, its: list[AgencyRecord], at: datetime) -> None:
        for record in its:
            if record.rejection_id in self.known or record.rejection_id in self._fresh:
                self.results[record.place] = metrics.REPEATED
            elif not isinstance(record.content, Refused):
                self._decide(fold, record, record.content, at)

    def _decide(self, fold: Fold, record: AgencyRecord, event: OutboxEvent, at: datetime) -> None:
        decided = answer(fold.referral, record.agency, event, self._use.desk.book, at)
        if isinstance(decided, Rejection):
            self.reject(record, decided, at)
        elif decided is None:
            self.results[record.place] = metrics.REPEATED
        else:
            self.results[record.place] = metrics.APPLIED
            fold.add(decided, event.id, at, system_of(record.agency))

    def reject(self, record: AgencyRecord, reason: Rejection, at: datetime) -> None:
        self.results[record.place] = reason.value
        if record.rejection_id not in self.known:
            self._fresh[record.rejection_id] = rejection(record, reason, self._use.inbox(record.agency), at)

    async def store(self) -> None:
        """Makes the fresh rejections durable. From then on they stand."""
        await self._use.rejections.save(list(self._fresh.values()))
        self.known |= self._fresh
        self._fresh = {}


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
