"""Counts and times over the columns of many cases, for one selection of them. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np

from services.reporting.columns import NOT_ENDED, Block, Column
from services.reporting.facets import FACETS
from services.reporting.figures import TYPES, URGENCIES

ENTRIES_AT_ONCE: Final = 400_000
"""Counted in one go: enough to be quick, few enough to stay small in memory."""


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


@dataclass
class Sums:
    """`counts[cell, kind]`, `new[cell]`: those of them received in the period, ordered times by cell and urgency."""

    counts: Column
    new: Column
    times: dict[tuple[int, int], Column] = field(default_factory=dict)
    not_ended: dict[tuple[int, int], int] = field(default_factory=dict)


def add_up(blocks: Iterable[Block], cells: int, selection: Selection) -> Sums:
    """Everything over the blocks of the selection, which may come in any order; `cells` is how many cells are numbered."""
    sums = Sums(np.zeros((cells, len(TYPES)), "i8"), np.zeros(cells, "i8"))
    by_receipt = selection.basis is Basis.receipt
    inside = (b for b in blocks if b.day <= selection.last and (b.day >= selection.first or not by_receipt))
    spans: list[tuple[Column, Column]] = []
    for batch in batches(inside):
        keep = kept(batch, selection)
        if by_receipt:
            _count(sums, batch, keep)
            spans.append(_spans(batch, keep))
        else:
            _count_dated(sums, batch, keep, selection)
    _sort_times(sums, spans)
    return sums


def batches(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """As many at once as can be counted in one go."""
    batch: list[Block] = []
    entries = 0
    for block in blocks:
        batch.append(block)
        entries += len(block.cell)
        if entries > ENTRIES_AT_ONCE:
            yield batch
            batch, entries = [], 0
    if batch:
        yield batch


def kept(batch: list[Block], selection: Selection) -> Column:
    """Which of the batch's cases pass all filters."""
    keep = np.ones(sum(len(block.kind) for block in batch), bool)
    for name, terms in selection.facets.items():
        wanted = FACETS[name].wanted(terms)
        keep &= np.concatenate([(block.facets[name] & wanted) != 0 for block in batch])
    return keep


def owners(batch: list[Block], column: str) -> Column:
    """The entries' owners, numbered through the batch."""
    starts = np.cumsum([0, *(len(block.kind) for block in batch)])
    return np.concatenate([getattr(block, column) + start for block, start in zip(batch, starts, strict=False)])


def join(batch: list[Block], column: str) -> Column:
    """A column of all of the batch."""
    return np.concatenate([getattr(block, column) for block in batch])


def _count(sums: Sums, batch: list[Block], keep: Column) -> None:
    owner, cell, kind = owners(batch, "owner"), join(batch, "cell"), join(batch, "kind")
    mine = keep[owner]
    _add(sums, cell[mine], kind[owner[mine]])


def _count_dated(sums: Sums, batch: list[Block], keep: Column, selection: Selection) -> None:
    """Each case once for each cell, however often it happened in the period."""
    owner, cell, day = owners(batch, "dated_owner"), join(batch, "dated_cell"), join(batch, "dated_day")
    mine = keep[owner] & (day >= selection.first) & (day <= selection.last)
    owner, cell = owner[mine], cell[mine]
    first = (np.diff(owner, prepend=-1) != 0) | (np.diff(cell.astype("i4"), prepend=-1) != 0)
    owner, cell = owner[first], cell[first]
    _add(sums, cell, join(batch, "kind")[owner])
    received = np.repeat([block.day for block in batch], [len(block.kind) for block in batch])
    sums.new += np.bincount(cell[received[owner] >= selection.first], minlength=len(sums.new))


def _add(sums: Sums, cell: Column, kind: Column) -> None:
    flat = np.bincount(cell.astype("i8") * len(TYPES) + kind, minlength=sums.counts.size)
    sums.counts += flat.reshape(sums.counts.shape)


def _spans(batch: list[Block], keep: Column) -> tuple[Column, Column]:
    mine = keep[owners(batch, "span_owner")]
    key = join(batch, "span_cell").astype("u4") * len(URGENCIES) + join(batch, "span_urgency")
    return key[mine], join(batch, "span_ms")[mine]


def _sort_times(sums: Sums, spans: list[tuple[Column, Column]]) -> None:
    if not spans:
        return
    key, ms = (np.concatenate(columns) for columns in zip(*spans, strict=True))
    order = np.argsort(key, kind="stable")
    key, ms = key[order], ms[order]
    edges = np.flatnonzero(np.diff(key, prepend=-1, append=-1))
    for start, end in pairwise(edges):
        cell, urgency = divmod(int(key[start]), len(URGENCIES))
        times = np.sort(ms[start:end])
        sums.not_ended[cell, urgency] = waiting = int(np.searchsorted(times, NOT_ENDED, "right"))
        sums.times[cell, urgency] = times[waiting:]
