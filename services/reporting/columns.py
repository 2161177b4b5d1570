"""Cases as columns of numbers: what a figure needs of them, in a form that many cases can be counted in at once. Pure.

The cases in the database are what is known. This is made from them and can be thrown away: a block holds the cases received on
one local day, and is made anew when one of them changes. About 200 bytes a case, so a hundred thousand fit into 20 MB.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.reporting.facets import FACETS
from services.reporting.figures import TYPES, URGENCIES, Case, Count, Row, Timing
from services.reporting.measures import MEASURES

COUNTS: Final = tuple(measure for measure in MEASURES if isinstance(measure, Count))
TIMES: Final = tuple(measure for measure in MEASURES if isinstance(measure, Timing))
NOT_ENDED: Final = -1
Column = NDArray[Any]
Cell = tuple[str, Row]
"""A row of a measure."""


class Numbering:
    """Numbers cells as they first occur; the same for all blocks that are counted together."""

    def __init__(self) -> None:
        self._numbers: dict[Cell, int] = {}
        self.cells: list[Cell] = []

    def number(self, measure: str, row: Row) -> int:
        """The cell's number."""
        cell = (measure, row)
        if cell not in self._numbers:
            self._numbers[cell] = len(self.cells)
            self.cells.append(cell)
        return self._numbers[cell]


@dataclass(frozen=True, slots=True)
class Block:
    """Cases of one day. `owner` columns say which of the block's cases an entry belongs to.

    `kind` and `facets` have an entry a case; `cell` one for each row a case counts in; `dated_*` the same with the local day on
    which it happened (days since year 1), ordered by owner and cell; `span_*` one for each time, in milliseconds or NOT_ENDED.
    """

    day: int
    kind: Column
    facets: Mapping[str, Column]
    cell: Column
    owner: Column
    dated_cell: Column
    dated_owner: Column
    dated_day: Column
    span_cell: Column
    span_owner: Column
    span_urgency: Column
    span_ms: Column


@dataclass
class _Draft:
    numbering: Numbering
    zone: ZoneInfo
    kind: list[int] = field(default_factory=list)
    facets: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in FACETS})
    counted: list[tuple[int, int]] = field(default_factory=list)
    dated: list[tuple[int, int, int]] = field(default_factory=list)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, case: Case) -> None:
        owner = len(self.kind)
        self.kind.append(TYPES.index(case["intake"]["facts"]["trafficking_type"]))
        for name, facet in FACETS.items():
            self.facets[name].append(facet.bits(case))
        self.counted += ((self.numbering.number(m.name, row), owner) for m in COUNTS for row in m.rows_of(case))
        self.dated += set(self._dated(case, owner))
        self.spans += self._spans(case, owner)

    def _dated(self, case: Case, owner: int) -> Iterator[tuple[int, int, int]]:
        for measure in COUNTS:
            for row, at in measure.dated(case) if measure.dated else ():
                yield self.numbering.number(measure.name, row), owner, at.astimezone(self.zone).toordinal()

    def _spans(self, case: Case, owner: int) -> Iterator[tuple[int, int, int, int]]:
        for measure in TIMES:
            for span in measure.spans(case):
                ms = NOT_ENDED if span.ms is None else span.ms
                yield self.numbering.number(measure.name, span.row), owner, URGENCIES.index(span.urgency), ms


def block(day: date, cases: Iterable[Case], numbering: Numbering, zone: ZoneInfo) -> Block:
    """The columns of the cases received on a local day."""
    draft = _Draft(numbering, zone)
    for case in cases:
        draft.add(case)
    draft.dated.sort(key=lambda entry: (entry[1], entry[0], entry[2]))  # so that what is the same twice stands together
    cell, owner = _columns(draft.counted, "u2", "u4")
    dated_cell, dated_owner, dated_day = _columns(draft.dated, "u2", "u4", "i4")
    span_cell, span_owner, span_urgency, span_ms = _columns(draft.spans, "u2", "u4", "u1", "i8")
    return Block(
        day.toordinal(),
        np.array(draft.kind, "u1"),
        {name: np.array(bits, _width(len(FACETS[name].terms))) for name, bits in draft.facets.items()},
        cell,
        owner,
        dated_cell,
        dated_owner,
        dated_day,
        span_cell,
        span_owner,
        span_urgency,
        span_ms,
    )


def _columns(entries: list[Any], *types: str) -> list[Column]:
    """One column for each place of the entries. OverflowError where a number does not fit its column."""
    places: Iterable[Any] = zip(*entries, strict=True) if entries else [()] * len(types)
    return [np.array(values, kind) for values, kind in zip(places, types, strict=True)]


def _width(terms: int) -> str:
    return f"u{next(size for size in (1, 2, 4, 8) if terms <= 8 * size)}"
