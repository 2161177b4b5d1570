"""What a rebuild does with a record of one topic: the same as that topic's live reader did.

What cannot be read or applied stops its key and is parked; what an operator dropped is dropped. Only the way is quicker: where
all events of a referral are at hand, its case is folded in memory and written once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.reporting.cases.projections import Case, fold
from services.reporting.cases.sources import Source
from services.reporting.usecases import FoldEvents
from shared.delivery.errors import Permanent, Poison, Reason
from shared.delivery.halt import DeadShare
from shared.delivery.parking import Parking

Letter = tuple[Any, Any]
"""A record and the event in it."""
Place = tuple[str, int, int]
"""Topic, partition and offset of a record."""


@dataclass
class Refold:
    """One topic. A key that has stopped stays stopped. `newest` is the time of the newest event folded in memory."""

    source: Source
    parking: Parking
    dropped: set[Place] = field(default_factory=set)
    stopped: set[bytes] = field(default_factory=set)
    after_drop: set[bytes] = field(default_factory=set)
    share: DeadShare = field(default_factory=DeadShare)
    newest: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    _dead: list[tuple[Any, Reason]] = field(default_factory=list)

    async def begin(self) -> None:
        """Looks up what operators dropped."""
        self.dropped = await self.parking.skipped()

    def into_memory(self, records: Sequence[Any], cases: dict[bytes, Case]) -> None:
        """Folds records into the cases of their keys."""
        for record, event in self._letters(records):
            try:
                after = fold(cases.get(record.key, {}), event, accept_gap=record.key in self.after_drop)
            except Permanent as error:
                self._stop(record, error.reason)
                continue
            if after is not None:
                cases[record.key] = after
                self.newest = max(self.newest, event.time)
            self.after_drop.discard(record.key)

    async def into_database(self, records: Sequence[Any], apply: FoldEvents) -> None:
        """Folds records into stored cases: all at once, and singly what that does not work for."""
        letters = list(self._letters(records))
        careful = [letter for letter in letters if letter[0].key in self.after_drop]
        plain = [event for record, event in letters if record.key not in self.after_drop]
        try:
            if plain:
                await apply(plain)
        except Permanent:
            careful = letters
        for record, event in careful:
            await self._singly(record, event, apply)

    async def _singly(self, record: Any, event: Any, apply: FoldEvents) -> None:
        if record.key in self.stopped:
            self._stop(record, Reason.behind_parked)
            return
        try:
            await apply([event], accept_gap=record.key in self.after_drop)
        except Permanent as error:
            self._stop(record, error.reason)
        self.after_drop.discard(record.key)

    def _letters(self, records: Sequence[Any]) -> Iterator[Letter]:
        for record in records:
            if (record.topic, record.partition, record.offset) in self.dropped:
                self.after_drop.add(record.key)
            elif record.key in self.stopped:
                self._stop(record, Reason.behind_parked)
            else:
                try:
                    yield record, self.source.decode(record)
                except Poison as error:
                    self._stop(record, error.reason)

    def _stop(self, record: Any, reason: Reason) -> None:
        self._dead.append((record, reason))
        if record.key:
            self.stopped.add(record.key)

    async def park(self, seen: int) -> None:
        """Parks what stopped among the last `seen` records. Halted where most of them did: then the fault is ours."""
        dead, self._dead = self._dead, []
        failed = sum(reason is not Reason.behind_parked for _, reason in dead)
        self.share.add(dead=failed, alive=seen - len(dead))
        if dead:
            await self.parking.park(dead)
