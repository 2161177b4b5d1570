"""One batch of agencies' events: what each of them led to."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.routing import metrics
from services.routing.agencies.record import AgencyRecord, Refused
from services.routing.agencies.rejection_store import Rejections
from services.routing.agencies.rejections import rejection
from services.routing.desk.desk import Desk
from services.routing.keeping.change import Document
from services.routing.keeping.fold import Fold
from services.routing.keeping.history import system_of
from services.routing.turns.answers import answer
from shared.events.agency import OutboxEvent
from shared.vocabulary import Rejection


class Sitting:
    """`known` rejections, those still to be stored, and in `results` what became of each record. `inbox`: an agency's topic."""

    def __init__(self, desk: Desk, rejections: Rejections, inbox: Callable[[str], str], known: dict[UUID, Document]) -> None:
        self._desk = desk
        self._rejections = rejections
        self._inbox = inbox
        self.known = known
        self._fresh: dict[UUID, Document] = {}
        self.results: dict[str, str] = {}

    def decide(self, fold: Fold, its: list[AgencyRecord], at: datetime) -> None:
        """Gives the records of one referral their effect, or rejects them. One that was rejected before stays so."""
        for record in its:
            if record.rejection_id in self.known or record.rejection_id in self._fresh:
                self.results[record.place] = metrics.REPEATED
            elif not isinstance(record.content, Refused):
                self._decide(fold, record, record.content, at)

    def _decide(self, fold: Fold, record: AgencyRecord, event: OutboxEvent, at: datetime) -> None:
        decided = answer(fold.referral, record.agency, event, self._desk.book, at)
        if isinstance(decided, Rejection):
            self.reject(record, decided, at)
        elif decided is None:
            self.results[record.place] = metrics.REPEATED
        else:
            self.results[record.place] = metrics.APPLIED
            fold.add(decided, event.id, at, system_of(record.agency))

    def reject(self, record: AgencyRecord, reason: Rejection, at: datetime) -> None:
        """It has no effect, and its agency is to be told why."""
        self.results[record.place] = reason.value
        if record.rejection_id not in self.known:
            self._fresh[record.rejection_id] = rejection(record, reason, self._inbox(record.agency), at)

    async def store(self) -> None:
        """Makes the fresh rejections durable. From then on they stand."""
        await self._rejections.save(list(self._fresh.values()))
        self.known |= self._fresh
        self._fresh = {}
