"""Who gets help: access, waiting and thriving of each group beside the others. Pure.

A share is shown with its count and its Wilson interval; of fewer than `FEWEST` it is not shown at all, as it would say more
about chance than about people. Where two intervals overlap, the difference may be chance. Groups are of one person's facts, and
the facts are those told: `unknown` is a group of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from services.reporting.columns import NOT_ENDED, Block, Cell, Column
from services.reporting.facets import EQUITY, FACETS
from services.reporting.sums import Selection
from services.reporting.tables import percentile
from services.reporting.wilson import interval

FEWEST: Final = 11
"""Of fewer, no share and no median."""

OUTCOMES: Final[Mapping[str, tuple[Cell, Cell]]] = {
    "accepted": (("received", ()), ("funnel", ("accepted",))),
    "contacted": (("received", ()), ("funnel", ("contacted",))),
    "served": (("received", ()), ("funnel", ("served",))),
    "safe_housing_at_90_days": (("thriving", ("90", "recorded")), ("thriving", ("90", "safe_housing"))),
    "engaged_with_support_at_90_days": (("thriving", ("90", "recorded")), ("thriving", ("90", "engaged_with_support"))),
}
"""Each share: out of which cell, and which part of it."""
WAITING: Final = "received_to_served"


def equity(blocks: Iterable[Block], cells: list[Cell], selection: Selection) -> dict[str, list[dict[str, Any]]]:
    """For each facet that people are compared by, a row for every group that there is somebody in."""
    inside = [block for block in blocks if selection.first <= block.day <= selection.last]
    found = _Flags(inside, cells, selection)
    return {name: list(_groups(name, found)) for name in EQUITY}


class _Flags:
    """For every case whether it is in each cell that is asked for, and its time to the first service."""

    def __init__(self, blocks: list[Block], cells: list[Cell], selection: Selection) -> None:
        self.facets = {name: _join([block.facets[name] for block in blocks]) for name in (*EQUITY, *selection.facets)}
        self.keep = np.ones(sum(len(block.kind) for block in blocks), bool)
        for name, terms in selection.facets.items():
            self.keep &= (self.facets[name] & FACETS[name].wanted(terms)) != 0
        starts = np.cumsum([0, *(len(block.kind) for block in blocks)])
        self.cell = _join([block.cell for block in blocks])
        self.owner = _join([block.owner + start for block, start in zip(blocks, starts, strict=False)])
        wanted = {cell for pair in OUTCOMES.values() for cell in pair}
        self.flags = {cell: self._has(cells.index(cell) if cell in cells else None) for cell in wanted}
        self.waited = np.full(len(self.keep), NOT_ENDED, "i8")
        waiting = [number for number, (measure, _) in enumerate(cells) if measure == WAITING]
        for block, start in zip(blocks, starts, strict=False):
            mine = np.isin(block.span_cell, waiting)
            self.waited[block.span_owner[mine] + start] = block.span_ms[mine]

    def _has(self, number: int | None) -> Column:
        flags = np.zeros(len(self.keep), bool)
        if number is not None:
            flags[self.owner[self.cell == number]] = True
        return flags


def _join(columns: list[Column]) -> Column:
    return np.concatenate(columns) if columns else np.array([], "i8")


def _groups(name: str, found: _Flags) -> Iterator[dict[str, Any]]:
    facet = FACETS[name]
    for term in facet.terms:
        inside = found.keep & ((found.facets[name] & facet.wanted([term])) != 0)
        if inside.any():
            yield {name: term, "referrals": int(inside.sum()), **_shares(inside, found), **_waiting(inside, found)}


def _shares(inside: Column, found: _Flags) -> dict[str, dict[str, Any]]:
    pairs = {name: (inside & found.flags[whole], inside & found.flags[part]) for name, (whole, part) in OUTCOMES.items()}
    return {name: share(int(part.sum()), int(whole.sum())) for name, (whole, part) in pairs.items()}


def share(part: int, whole: int) -> dict[str, Any]:
    """Counts always; the share and its interval only where they say something."""
    if whole < FEWEST:
        return {"of": whole, "count": part, "share": None, "low": None, "high": None}
    low, high = interval(part, whole)
    return {"of": whole, "count": part, "share": round(part / whole, 4), "low": low, "high": high}


def _waiting(inside: Column, found: _Flags) -> dict[str, Any]:
    times = np.sort(found.waited[inside & (found.waited != NOT_ENDED)])
    median = percentile(times, 50) if len(times) >= FEWEST else None
    return {"time_to_first_service": {"count": len(times), "median": None if median is None else median / 1000}}
