"""Makes all figures anew from the topics, and puts them in the place of the old ones, while the readers go on.

Why nothing is lost on the way:

1. A fresh collection is filled from the first records to the end; then again with what came meanwhile.
2. It takes the old one's place at one stroke. A reader may have counted, in the old one, events that came after 1.
   From now until 4 `switching` says so: a reader that finds a gap waits instead of parking.
3. Every event that any reader can have passed was in its topic by then, so reading to the end once more brings them all.
   Where a reader writes the same case, the guards of `store` let the later one decide again.
4. `switching` ends. Killed before 2: the old figures are as they were. Killed between 2 and 4: readiness says so, readers
   wait at the gaps, and the next rebuild makes it good.

What a reader would park is parked here too, and what an operator skipped is skipped, so the figures come out the same.
"""

import time
from collections.abc import Callable, Iterable
from math import ceil
from typing import Any
from zlib import crc32

from pymongo.errors import BulkWriteError

from services.reporting.cases.projections import Case
from services.reporting.cases.sources import SOURCES
from services.reporting.rebuild.refold import Refold
from services.reporting.rebuild.tail import Tail
from services.reporting.refusal import Refused
from services.reporting.store import LIVE, Cases, Freshness, Rebuilds
from services.reporting.usecases import FoldEvents
from shared import topics
from shared.crash import crash_point
from shared.delivery.errors import Halted
from shared.service import Service

RENEW_EVERY = 5.0
"""Seconds between renewals of the lease."""


class Rebuild:
    """One rebuild. At most about `most_cases` are held in memory at once; `tick` hears of every batch.

    `done` and `total` count events. Crash points: `reporting_filling`, `reporting_before_switch`, `reporting_after_switch`.
    """

    def __init__(self, service: Service, most_cases: int, tick: Callable[["Rebuild"], None]) -> None:
        self._clock = service.clock
        self._rebuilds = Rebuilds(service.database, service.clock)
        self._live = Cases(service.database[LIVE])
        self._freshness = Freshness(service.database)
        self._most_cases = most_cases
        self._tick = tick
        self._refolds = {service.settings.topic(s.topic): Refold(s, service.parking(s.group)) for s in SOURCES}
        self._tail = Tail(service.settings.kafka, list(self._refolds))
        self._first_topic = service.settings.topic(topics.INTAKE)
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
        await self._fill(fresh)
        known = await self._live.count_exactly()
        await self._catch_up(fresh)
        found = await fresh.count_exactly()
        if found < known:
            hint = "is this the right broker and TOPIC_PREFIX, and are all records still there?"
            raise Refused(f"the topics hold {found} referrals and the figures {known}: {hint}")
        self.switched = True
        await self._rebuilds.switch()
        crash_point("reporting_after_switch")
        await self._catch_up(self._live)

    async def _fill(self, fresh: Cases) -> None:
        """Folds all events of some referrals in memory and writes their cases once, then goes on to others."""
        self.total = sum(self._tail.ends.values())
        for group in self._tail.groups():
            referrals = sum(self._tail.ends[partition] for partition in group if partition.topic == self._first_topic)
            slices = max(1, ceil(referrals / self._most_cases))
            for number in range(slices):
                self._tail.rewind(group)
                await self._write(fresh, await self._fold_slice(group, number, slices))
                crash_point("reporting_filling")
        for refold in self._refolds.values():
            await self._freshness.note(refold.source.part, refold.newest)

    async def _fold_slice(self, group: Iterable[Any], number: int, slices: int) -> dict[bytes, Case]:
        """The cases of every `slices`-th key. Reading the others over again costs less than updating cases in the database."""
        cases: dict[bytes, Case] = {}
        async for records in self._tail.read(group):
            mine = [r for r in records if crc32(r.key or b"") % slices == number] if slices > 1 else records
            refold = self._refolds[records[0].topic]
            refold.into_memory(mine, cases)
            await refold.park(len(mine))
            await self._after(len(mine))
        return cases

    async def _write(self, fresh: Cases, cases: dict[bytes, Case]) -> None:
        try:
            await fresh.insert(({"_id": key.decode(), **case} for key, case in cases.items()), self._clock())
        except BulkWriteError:
            raise Refused("a referral's events lie in partitions of different numbers: were partitions added?") from None

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
