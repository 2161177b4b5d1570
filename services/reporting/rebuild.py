"""Makes all figures anew from the topics, and puts them in the place of the old ones, while the readers go on.

Why nothing is lost on the way:

1. A fresh collection is filled from the first records to the end; then again, for what came meanwhile.
2. It takes the old one's place at one stroke. A reader may have counted, in the old one, events that came after 1.
   From now until 4 `switching` says so: a reader that finds a gap waits instead of parking.
3. Every event that any reader can have passed was in its topic by then, so reading to the end once more brings them all.
   Where a reader writes the same case, the guards of `store` let the later one decide again.
4. `switching` ends. Killed before 2: the old figures are as they were. Killed between 2 and 4: readiness says so, readers
   wait at the gaps, and the next rebuild makes it good.

What a reader would park is parked here too, and what an operator skipped is skipped, so the figures come out the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.reporting.refusal import Refused
from services.reporting.sources import SOURCES, Source
from services.reporting.store import LIVE, Cases, Freshness, Rebuilds
from services.reporting.tail import Tail
from services.reporting.usecases import FoldEvents
from shared.crash import crash_point
from shared.delivery.errors import Halted, Permanent, Poison, Reason
from shared.delivery.halt import DeadShare
from shared.delivery.parking import Parking
from shared.service import Service


@dataclass
class Refold:
    """One topic's way into a collection. Keys that stopped stay stopped, as at a reader."""

    source: Source
    tail: Tail
    parking: Parking
    freshness: Freshness
    skipped: set[tuple[str, int, int]] = field(default_factory=set)
    stopped: set[bytes] = field(default_factory=set)
    after_skip: set[bytes] = field(default_factory=set)
    share: DeadShare = field(default_factory=DeadShare)

    async def into(self, cases: Cases, tick: Callable[["Refold"], Any]) -> None:
        """Reads to the end and folds."""
        fold = FoldEvents(self.source.part, cases, self.freshness)
        async for records in self.tail.to_end():
            await self._batch(records, fold)
            await tick(self)

    async def _batch(self, records: Sequence[Any], fold: FoldEvents) -> None:
        letters, dead = self._sort(records)
        careful = [letter for letter in letters if letter[0].key in self.after_skip]
        together = [event for record, event in letters if record.key not in self.after_skip]
        dead += await self._singly(careful if await self._at_once(together, fold) else letters, fold)
        self.share.add(dead=sum(reason is not Reason.behind_parked for _, reason in dead), alive=len(records) - len(dead))
        if dead:
            await self.parking.park(dead)

    async def _at_once(self, events: Sequence[Any], fold: FoldEvents) -> bool:
        """False where one of them cannot be applied."""
        try:
            if events:
                await fold(events)
        except Permanent:
            return False
        return True

    def _sort(self, records: Sequence[Any]) -> tuple[list[tuple[Any, Any]], list[tuple[Any, Reason]]]:
        letters, dead = [], []
        for record in records:
            if (record.topic, record.partition, record.offset) in self.skipped:
                self.after_skip.add(record.key)
            elif record.key in self.stopped:
                dead.append((record, Reason.behind_parked))
            else:
                try:
                    letters.append((record, self.source.decode(record)))
                except Poison as error:
                    dead.append((record, error.reason))
                    self.stopped.add(record.key)
        return letters, dead

    async def _singly(self, letters: Sequence[tuple[Any, Any]], fold: FoldEvents) -> list[tuple[Any, Reason]]:
        dead = []
        for record, event in letters:
            if record.key in self.stopped:
                dead.append((record, Reason.behind_parked))
                continue
            try:
                await fold([event], accept_gap=record.key in self.after_skip)
                self.after_skip.discard(record.key)
            except Permanent as error:
                dead.append((record, error.reason))
                self.stopped.add(record.key)
        return dead


class Rebuild:
    """One rebuild. `tick` hears of progress after every batch."""

    def __init__(self, service: Service, most: int, tick: Callable[[Sequence[Refold]], None]) -> None:
        self._rebuilds = Rebuilds(service.database, service.clock)
        self._live = Cases(service.database[LIVE])
        self._tick = tick
        self.switched = False
        freshness = Freshness(service.database)
        self.folds = [
            Refold(s, Tail(service.settings.kafka, service.settings.topic(s.topic), most), service.parking(s.group), freshness)
            for s in SOURCES
        ]

    async def run(self) -> int:
        """How many referrals the new figures hold. Refused, with the old figures as they were, where something is wrong."""
        if not await self._rebuilds.take():
            raise Refused("another rebuild is under way; one that died lets the next in after a minute.")
        try:
            for fold in self.folds:
                await fold.tail.open()
                fold.skipped = await fold.parking.skipped()
            await self._fill_and_switch()
            await self._rebuilds.finish()
        except Halted:
            raise Refused("most events could not be read or applied: this version does not fit what the topics hold.") from None
        finally:
            await self._rebuilds.release()
            for fold in self.folds:
                await fold.tail.close()
        return await self._live.count_exactly()

    async def _fill_and_switch(self) -> None:
        fresh = await self._rebuilds.start_fresh()
        await self._read_all(fresh)
        known = await self._live.count_exactly()
        await self._read_all(fresh)
        found = await fresh.count_exactly()
        if found < known:
            hint = "is this the right broker and TOPIC_PREFIX, and are all records still there?"
            raise Refused(f"the topics hold {found} referrals and the figures {known}: {hint}")
        self.switched = True
        await self._rebuilds.switch()
        crash_point("reporting_after_switch")
        await self._read_all(self._live)

    async def _read_all(self, cases: Cases) -> None:
        for fold in self.folds:
            await fold.into(cases, self._after_batch)

    async def _after_batch(self, _: Refold) -> None:
        if not await self._rebuilds.renew():
            raise Refused("this rebuild was held up for so long that another one has begun.")
        self._tick(self.folds)
