"""The index of all cases, kept in step with the database. Every instance has its own.

A look finds the cases that were written since the last one and puts each into the sets that it is in now. What is written
carries the database's own time, and each look goes back a little over the one before: a write that became visible late is still
found. At a start, and when a rebuild has put new cases in place, the index that was saved of these cases is taken, and what was
written since; without one, every case is read.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from services.reporting.index.index import Index
from services.reporting.index.indexing import Indexing, batches
from services.reporting.index.numbers import Numbers
from services.reporting.index.saved_index import Mark, SavedIndex, meaning
from services.reporting.rebuilds import Rebuilds
from services.reporting.store import Cases, Freshness
from shared.clock import Clock
from shared.mongo import Database

log = structlog.get_logger(__name__)
OVERLAP: Final = timedelta(seconds=10)
"""How late a write may become visible after the time it carries."""


class Caseload:
    """`as_of`: when it was last in step; `newest`: the time of the newest event then in it. Both None until it was loaded."""

    def __init__(self, cases: Cases, database: Database, zone: ZoneInfo, clock: Clock, save_every: timedelta) -> None:
        self._cases = cases
        self._freshness = Freshness(database)
        self._rebuilds = Rebuilds(database, clock)
        self._indexing = Indexing(Numbers(database), zone)
        self._saved = SavedIndex(database)
        self._clock = clock
        self._save_every = save_every
        self._meaning = meaning(zone)
        self._mark: Mark | None = None
        self._watermark: datetime | None = None
        self._seen: dict[str, datetime] = {}
        self._unsaved_since: datetime | None = None
        self.zone = zone
        self.index = Index()
        self.as_of: datetime | None = None
        self.newest: datetime | None = None
        self.without_receipt = 0
        self.reading: tuple[int, int] | None = None
        """While every case is read: how many have been, and about how many there are."""

    async def look(self) -> None:
        """Brings it into step: from what was saved, or wholly, at first and after a rebuild; by what changed always."""
        at, mark = self._clock(), Mark(self._meaning, await self._cases.identity())
        newest, waiting = await self._freshness.newest(), await self._cases.count_without_receipt()
        if self.as_of is None or mark != self._mark:
            await self._load(mark)
        await self._refresh()
        self.as_of, self.newest, self.without_receipt = at, max(newest.values(), default=None), waiting
        if self._unsaved_since and at - self._unsaved_since >= self._save_every:
            await self._save()

    async def _load(self, mark: Mark) -> None:
        found = await self._saved.load(mark)
        index, watermark = found or await self._read_all()
        self.index, self._watermark, self._seen, self._mark = index, watermark, {}, mark
        if found is None:
            self._unsaved_since = self._clock()
            await self._save()

    async def _read_all(self) -> tuple[Index, datetime]:
        watermark, index = await self._cases.last_changed(), Index()
        read, about = 0, await self._cases.count()
        log.info("reading_every_case", count=about)
        async for some in batches(self._cases.received()):
            await self._indexing.put(index, some)
            read += len(some)
            self.reading = read, max(read, about)
        index.pack()
        self.reading = None
        return index, watermark

    async def _refresh(self) -> None:
        """What is written while this goes on, the next look finds."""
        assert self._watermark is not None
        last, seen = await self._cases.last_changed(), dict[str, datetime]()
        async for some in batches(self._cases.changed(self._watermark - OVERLAP, last)):
            new = [one.case for one in some if one.received and self._seen.get(one.case) != one.at]
            await self._indexing.put(self.index, await self._cases.some(new) if new else [])
            seen |= {one.case: one.at for one in some if one.at >= last - OVERLAP}  # the next look goes no further back
            if new and self._unsaved_since is None:
                self._unsaved_since = self._clock()
        self._seen, self._watermark = seen, max(self._watermark, last)

    async def _save(self) -> None:
        """Not while a rebuild is about to put its own in this place."""
        assert self._watermark is not None
        assert self._mark is not None
        if not (await self._rebuilds.state()).running:
            await self._saved.save(self.index, self._mark, self._watermark)
            self._unsaved_since = None
