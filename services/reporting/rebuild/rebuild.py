"""Makes all figures anew from the topics, and puts them in the place of the old ones, while the readers go on.

Why nothing is lost on the way:

1. A fresh collection is filled from the first records to the end (`filling`); then again with what came meanwhile. The index
   of its cases is saved, so that no instance has to read them all; what changes after the filling, each instance finds itself.
2. It takes the old one's place at one stroke. A reader may have counted, in the old one, events that came after 1.
   From now until 4 `switching` says so: a reader that finds a gap waits instead of parking.
3. Every event that any reader can have passed was in its topic by then, so reading to the end once more brings them all.
   Where a reader writes the same case, the guards of `store` let the later one decide again.
4. `switching` ends. Killed before 2: the old figures are as they were. Killed between 2 and 4: readiness says so, readers
   wait at the gaps, and the next rebuild makes it good.

What a reader would park is parked here too, and what an operator skipped is skipped, so the figures come out the same.
"""

import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from services.reporting.cases.sources import SOURCES
from services.reporting.index.caseload import OVERLAP
from services.reporting.index.indexing import Indexing
from services.reporting.index.numbers import Numbers
from services.reporting.index.saved_index import Mark, SavedIndex, meaning
from services.reporting.rebuild.filling import Filling
from services.reporting.rebuild.refold import Refold
from services.reporting.rebuild.tail import Tail
from services.reporting.rebuilds import Rebuilds
from services.reporting.refusal import Refused
from services.reporting.settings import ReportingSettings
from services.reporting.store import LIVE, Cases, Freshness
from services.reporting.usecases import FoldEvents
from shared import topics
from shared.crash import crash_point
from shared.delivery.errors import Halted
from shared.service import Service

RENEW_EVERY = 5.0
"""Seconds between renewals of the lease."""


class Rebuild:
    """One rebuild; `tick` hears of every batch. `done` and `total` count events.

    Crash points: `reporting_before_switch`, `reporting_after_switch`.
    """

    def __init__(self, service: Service, settings: ReportingSettings, tick: Callable[["Rebuild"], None]) -> None:
        zone, first_topic = ZoneInfo(settings.time_zone), settings.topic(topics.INTAKE)
        self._rebuilds = Rebuilds(service.database, service.clock)
        self._live = Cases(service.database[LIVE])
        self._freshness = Freshness(service.database)
        self._numbers = Numbers(service.database)
        self._saved, self._meaning = SavedIndex(service.database), meaning(zone)
        self._tick = tick
        self._refolds = {service.settings.topic(s.topic): Refold(s, service.parking(s.group)) for s in SOURCES}
        self._tail = Tail(service.settings.kafka, list(self._refolds))
        self._filling = Filling(self._tail, self._refolds, first_topic, Indexing(self._numbers, zone), settings.rebuild_cases)
        self._renewed = 0.0
        self.done = self.total = 0
        self.switched = False

    @property
    def stopped(self) -> int:
        """Keys that stopped at an event that cannot be applied."""
        return sum(len(refold.stopped) for refold in self._refolds.values())

    async def run(self) -> int:
        """How many referrals the new figures hold. Refused where something is wrong; `switched` says which figures stand."""
        if not await self._rebuilds.take():
            raise Refused("another rebuild is under way; one that died lets the next in after a minute.")
        try:
            await self._tail.open()
            await self._fill_and_switch()
            await self._rebuilds.finish()
        except Halted:
            raise Refused("most events could not be read or applied: this version does not fit what the topics hold.") from None
        finally:
            await self._rebuilds.release()
            await self._tail.close()
        return await self._live.count_exactly()

    async def _fill_and_switch(self) -> None:
        for refold in self._refolds.values():
            await refold.begin()
        fresh = await self._rebuilds.start_fresh()
        filled = await self._fill(fresh)
        known = await self._live.count_exactly()
        await self._catch_up(fresh)
        found = await fresh.count_exactly()
        if found < known:
            hint = "is this the right broker and TOPIC_PREFIX, and are all records still there?"
            raise Refused(f"the topics hold {found} referrals and the figures {known}: {hint}")
        # Nobody but us has written to these cases, so no write from before `filled` is outstanding: none has to be looked for.
        await self._saved.save(self._filling.index, Mark(self._meaning, await fresh.identity()), filled + OVERLAP)
        self.switched = True
        await self._rebuilds.switch()
        crash_point("reporting_after_switch")
        await self._catch_up(self._live)

    async def _fill(self, fresh: Cases) -> datetime:
        """When it was done, by the database's clock."""
        self.total = sum(self._tail.ends.values())
        await self._numbers.ensure_indexes()
        await self._filling.into(fresh, self._after)
        for refold in self._refolds.values():
            await self._freshness.note(refold.source.part, refold.newest)
        return await fresh.clock()

    async def _catch_up(self, cases: Cases) -> None:
        """Folds what came since it was last read."""
        await self._tail.look()
        self.total += sum(self._tail.ends[partition] - here for partition, here in self._tail.here.items())
        async for records in self._tail.read(self._tail.here):
            refold = self._refolds[records[0].topic]
            await refold.into_database(records, FoldEvents(refold.source.part, cases, self._freshness))
            await refold.park(len(records))
            await self._after(len(records))

    async def _after(self, events: int) -> None:
        self.done += events
        self._tick(self)
        if time.monotonic() - self._renewed > RENEW_EVERY:
            if not await self._rebuilds.renew():
                raise Refused("this rebuild was held up for so long that another one has begun.")
            self._renewed = time.monotonic()
