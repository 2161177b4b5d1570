"""Counts and times of all cases of a selection, out of the index. Pure."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pyroaring import BitMap

from services.reporting.figures.measure import Row
from services.reporting.index.index import Cell, Index
from services.reporting.index.lengths import Bits, Lengths
from services.reporting.index.memberships import BITS, ENDED, WAITING
from services.reporting.measures import BY_NAME


class Basis(StrEnum):
    """Which days a period is about: those of receipt, or those on which things happened."""

    receipt = "receipt"
    event = "event"


@dataclass(frozen=True)
class Selection:
    """Days since year 1, both included; `facets` narrows each facet named down to any of the terms."""

    first: int
    last: int
    basis: Basis = Basis.receipt
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last."""
        return date.fromordinal(self.first), date.fromordinal(self.last)


Urgent = tuple[Row, str]
"""A row of times, and the urgency of those."""


@dataclass
class Sums:
    """By measure and row: `counts` by kind, `new` those of them received in the period. `times` by row and urgency."""

    counts: dict[str, dict[Row, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    new: dict[str, dict[Row, int]] = field(default_factory=lambda: defaultdict(dict))
    times: dict[str, dict[Urgent, Lengths]] = field(default_factory=dict)


def chosen(index: Index, selection: Selection) -> BitMap:
    """The cases that a selection is about: by event, whenever they were received."""
    narrowed = index.narrowed(selection.facets)
    return narrowed & index.received(*selection.days) if selection.basis is Basis.receipt else narrowed


def add_up(index: Index, selection: Selection, measures: Container[str] = BY_NAME) -> Sums:
    """These measures of a selection. What nobody is in is absent."""
    sums, cases = Sums(), chosen(index, selection)
    cells = [cell for cell in index.cells if cell[0] in measures]
    if selection.basis is Basis.receipt:
        _count(sums, index, cells, cases)
        sums.times = times(index, cases, measures)
    else:
        _count_dated(sums, index, cells, cases, selection)
    return sums


def _count(sums: Sums, index: Index, cells: Iterable[Cell], cases: BitMap) -> None:
    kinds = index.by_type(cases)
    for cell in cells:
        counts = [0] * len(kinds)
        for members in index.counted(cell).values():
            counts = [so_far + members.intersection_cardinality(kind) for so_far, kind in zip(counts, kinds, strict=True)]
        if any(counts):
            sums.counts[cell[0]][cell[1:]] = counts


def _count_dated(sums: Sums, index: Index, cells: Iterable[Cell], cases: BitMap, selection: Selection) -> None:
    """Each case once for each cell, however often it happened in the period."""
    kinds, received = index.by_type(cases), index.received(*selection.days)
    new = cases & received
    for cell in cells:
        happened = index.happened(cell, *selection.days, received)
        counts = [happened.intersection_cardinality(kind) for kind in kinds]
        if any(counts):
            sums.counts[cell[0]][cell[1:]] = counts
            sums.new[cell[0]][cell[1:]] = happened.intersection_cardinality(new)


def times(index: Index, cases: BitMap, measures: Container[str]) -> dict[str, dict[Urgent, Lengths]]:
    """The times of these cases."""
    bits: dict[str, dict[int, Bits]] = defaultdict(dict)
    for (n, measure), places in index.sets[BITS].items():
        bits[str(measure)][int(n)] = places
    found: dict[str, dict[Urgent, Lengths]] = defaultdict(dict)
    for measure, urgent, n, members in timed_in(index, ENDED, measures):
        if mine := members & cases:
            found[measure].setdefault(urgent, Lengths(bits[measure])).add(n, mine)
    for measure, urgent, _, members in timed_in(index, WAITING, measures):
        if waiting := members.intersection_cardinality(cases):
            found[measure].setdefault(urgent, Lengths(bits[measure])).waiting += waiting
    return found


def timed_in(index: Index, kind: str, measures: Container[str] = BY_NAME) -> Iterator[tuple[str, Urgent, int, BitMap]]:
    """Measure, row and urgency of every time that ended, or waits; which of a case's it is; and the cases that have it."""
    for (n, measure, urgency, *row), sets in index.sets[kind].items():
        if measure in measures:
            yield str(measure), (tuple(map(str, row)), str(urgency)), int(n), sets[0]


def counted_in(index: Index, selection: Selection, cell: Cell) -> BitMap:
    """The cases behind a figure."""
    cases = chosen(index, selection)
    if selection.basis is Basis.receipt:
        return cases & index.counted(cell)[0]
    return cases & index.happened(cell, *selection.days, index.received(*selection.days))
