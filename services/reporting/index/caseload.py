"""The index of all cases, kept in step with the database. Every instance has its own.

A look finds the cases that were written since the last one and puts each into the sets that it is in now. What is written
carries the database's own time, and each look goes back a little over the one before: a write that became visible late is still
found. At a start the index that was saved last is taken, and what was written since; without one, every case is read.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.reporting.index.index import Index
from services.reporting.index.memberships import memberships
from services.reporting.index.numbers import Numbers
from services.reporting.index.saved_index import Mark, SavedIndex, meaning
from services.reporting.store import Cases, Changed, Freshness, Rebuilds, RebuildState
from shared.clock import Clock
from shared.mongo import Database

OVERLAP: Final = timedelta(seconds=10)
"""How late a write may become visible after the time it carries."""
AT_ONCE: Final = 200
"""Cases worked on before others have their turn: some 40 ms."""


class Caseload:
    """`as_of`: when it was last in step; `newest`: the time of the newest event then in it. Both None until it was loaded."""

    def __init__(self, cases: Cases, database: Database, zone: ZoneInfo, clock: Clock, save_every: timedelta) -> None:
        self._cases = cases
        self._freshness = Freshness(database)
        self._rebuilds = Rebuilds(database, clock)
        self._numbers = Numbers(database)
        self._saved = SavedIndex(database)
        self._clock = clock
        self._save_every = save_every
        self._meaning = meaning(zone)
        self._watermark: datetime | None = None
        self._seen: dict[str, datetime] = {}
        self._rebuilt: datetime | None = None
        self._unsaved_since: datetime | None = None
        self.zone = zone
        self.index = Index()
        self.as_of: datetime | None = None
        self.newest: datetime | None = None
        self.without_receipt = 0

    async def look(self) -> None:
        """Brings it into step: from what was saved, or wholly, at first and after a rebuild; by what changed always."""
        at, state = self._clock(), await self._rebuilds.state()
        newest, waiting = await self._freshness.newest(), await self._cases.count_without_receipt()
        if self.as_of is None or state.finished != self._rebuilt:
            await self._load(state)
        await self._refresh()
        self.as_of, self.newest, self.without_receipt = at, max(newest.values(), default=None), waiting
        if self._unsaved_since and at - self._unsaved_since >= self._save_every:
            await self._save()

    async def _load(self, state: RebuildState) -> None:
        found = await self._saved.load(Mark(self._meaning, state.finished))
        index, watermark = found or await self._read_all()
        self.index, self._watermark, self._seen, self._rebuilt = index, watermark, {}, state.finished
        if found is None:
            await self._save()

    async def _read_all(self) -> tuple[Index, datetime]:
        watermark, index = await self._cases.last_changed(), Index()
        async for some in _batches(self._cases.received(None, None)):
            await self._put(index, some)
        index.pack()
        return index, watermark

    async def _refresh(self) -> None:
        assert self._watermark is not None
        found = await self._cases.changed(self._watermark - OVERLAP)
        new = [one for one in found if one.received and self._seen.get(one.case) != one.at]
        for start in range(0, len(new), AT_ONCE):
            await self._put(self.index, await self._cases.some(one.case for one in new[start : start + AT_ONCE]))
        self._note(found)
        if new and self._unsaved_since is None:
            self._unsaved_since = self._clock()

    def _note(self, found: Iterable[Changed]) -> None:
        self._seen = {one.case: one.at for one in found}
        self._watermark = max(self._watermark, *self._seen.values()) if self._watermark and self._seen else self._watermark

    async def _put(self, index: Index, cases: list[Any]) -> None:
        numbers = await self._numbers.of(case["_id"] for case in cases)
        index.put({numbers[case["_id"]]: memberships(case, self.zone) for case in cases})
        await asyncio.sleep(0)  # the readers go on meanwhile

    async def _save(self) -> None:
        assert self._watermark is not None
        await self._saved.save(self.index, Mark(self._meaning, self._rebuilt), self._watermark)
        self._unsaved_since = None


async def _batches(cases: AsyncIterator[Any]) -> AsyncIterator[list[Any]]:
    batch: list[Any] = []
    async for case in cases:
        batch.append(case)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
