"""All cases as columns, kept in step with the database. Every instance has its own, made at its start.

A look finds the cases that were written since the last one and makes the blocks of their days anew. What is written carries the
database's own time, and each look goes back a little over the one before: a write that became visible late is still found.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from services.reporting.columns import Block, Cell, Numbering, block
from services.reporting.drill import Behind
from services.reporting.store import Cases, Freshness, Rebuilds, RebuildState
from services.reporting.sums import Basis, Selection, Sums, add_up
from shared.clock import Clock

OVERLAP: Final = timedelta(seconds=10)
"""How late a write may become visible after the time it carries."""


class Caseload:
    """`as_of`: when it was last in step; `newest`: the time of the newest event then in it. Both None until it was loaded."""

    def __init__(self, cases: Cases, freshness: Freshness, rebuilds: Rebuilds, zone: ZoneInfo, clock: Clock) -> None:
        self._cases = cases
        self._freshness = freshness
        self._rebuilds = rebuilds
        self._clock = clock
        self.zone = zone
        self._numbering = Numbering()
        self._blocks: dict[date, Block] = {}
        self._watermark: datetime | None = None
        self._seen: dict[str, datetime] = {}
        self._rebuilt: datetime | None = None
        self.as_of: datetime | None = None
        self.newest: datetime | None = None
        self.without_receipt = 0

    @property
    def cells(self) -> list[Cell]:
        """What the sums' numbers stand for."""
        return self._numbering.cells

    @property
    def blocks(self) -> Iterable[Block]:
        """All of them."""
        return self._blocks.values()

    def add_up(self, selection: Selection) -> Sums:
        """The sums of a selection of cases."""
        return add_up(self._blocks.values(), len(self.cells), selection)

    def days_with(self, figure: Behind, selection: Selection) -> list[date]:
        """The days of receipt, in their order, on which there may be cases behind a figure."""
        numbers = [number for number, (name, _) in enumerate(self.cells) if name == figure.measure]
        first = selection.first if selection.basis is Basis.receipt else 0
        inside = (one for one in sorted(self._blocks.items()) if first <= one[1].day <= selection.last)
        return [day for day, block in inside if np.isin([*block.cell, *block.dated_cell, *block.span_cell], numbers).any()]

    async def look(self) -> None:
        """Brings it into step: wholly at first and after a rebuild, by the days that changed otherwise."""
        at, state = self._clock(), await self._rebuilds.state()
        newest, waiting = await self._freshness.newest(), await self._cases.count_without_receipt()
        if self.as_of is None or state.finished != self._rebuilt:
            await self._load(state)
        else:
            await self._refresh()
        self.as_of, self.newest, self.without_receipt = at, max(newest.values(), default=None), waiting

    async def _load(self, state: RebuildState) -> None:
        watermark = await self._cases.last_changed()
        numbering, blocks = Numbering(), {}
        async for day, cases in self._days(None, None):
            blocks[day] = block(day, cases, numbering, self.zone)
            await asyncio.sleep(0)  # the readers go on meanwhile
        self._numbering, self._blocks, self._seen = numbering, blocks, {}
        self._watermark, self._rebuilt = watermark, state.finished

    async def _refresh(self) -> None:
        assert self._watermark is not None
        found = await self._cases.changed(self._watermark - OVERLAP)
        received = [one.received for one in found if one.received and self._seen.get(one.case) != one.at]
        for day in {at.astimezone(self.zone).date() for at in received}:
            await self._make_anew(day)
        self._seen = {one.case: one.at for one in found}
        self._watermark = max([self._watermark, *(one.at for one in found)])

    async def _make_anew(self, day: date) -> None:
        since = datetime.combine(day, time(), self.zone)
        until = datetime.combine(day + timedelta(days=1), time(), self.zone)
        async for _, cases in self._days(since, until):
            self._blocks[day] = block(day, cases, self._numbering, self.zone)

    async def _days(self, since: datetime | None, until: datetime | None) -> AsyncIterator[tuple[date, list[Any]]]:
        """The cases of each local day of receipt on which there are any."""
        cases: list[Any] = []
        today: date | None = None
        async for case in self._cases.received(since, until):
            day = case["intake"]["received"].astimezone(self.zone).date()
            if today is not None and day != today:
                yield today, cases
                cases = []
            today = day
            cases.append(case)
        if today is not None:
            yield today, cases
