"""How counts move from month to month, by the month in which things happened. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import numpy as np

from services.reporting.columns import Block, Cell, Column
from services.reporting.facets import FACETS
from services.reporting.figures import TYPES
from services.reporting.period import named
from services.reporting.sums import Selection

MOST_MONTHS: Final = 36
"""The last ones of the period; more make no readable line."""
FOLLOWED: Final[dict[str, Cell]] = {
    "received": ("received", ()),
    "contacted": ("funnel", ("contacted",)),
    "served": ("served", ()),
    "confirmed_victims": ("victim_status", ("confirmed",)),
    "arrests": ("justice_steps", ("arrest",)),
    "closed": ("funnel", ("closed",)),
}
"""What is followed: referrals, each once in a month."""


def months(first: date, last: date) -> list[tuple[str, date, date]]:
    """The calendar months that lie in it wholly or partly, cut to it: name, first and last day."""
    number, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    names = [f"CY{month // 12}-{month % 12 + 1:02}" for month in range(max(number, end - MOST_MONTHS + 1), end + 1)]
    return [(name, max(first, named(name)[0]), min(last, named(name)[1])) for name in names]


def trend(blocks: Iterable[Block], cells: list[Cell], selection: Selection, today: date) -> list[dict[str, Any]]:
    """A row for each month up to today and thing followed, the kinds of trafficking side by side."""
    known = list(blocks)
    last = min(selection.last, today.toordinal())
    first = max(selection.first, min((block.day for block in known), default=last + 1))
    if first > last:
        return []
    shown = months(date.fromordinal(first), date.fromordinal(last))
    edges = np.array([*(begin.toordinal() for _, begin, _ in shown), last + 1])
    counts = {name: _by_month(known, cells, cell, selection, edges) for name, cell in FOLLOWED.items()}
    return [
        {"month": month, "what": name, **dict(zip(TYPES, row, strict=True)), "total": sum(row)}
        for place, (month, _, _) in enumerate(shown)
        for name, table in counts.items()
        for row in [table[place].tolist()]
    ]


def _by_month(blocks: list[Block], cells: list[Cell], cell: Cell, selection: Selection, edges: Column) -> Column:
    """Referrals by month and kind."""
    table = np.zeros((len(edges) - 1, len(TYPES)), "i8")
    if cell not in cells:
        return table
    number = cells.index(cell)
    for block in blocks:
        mine = (block.dated_cell == number) & (block.dated_day >= edges[0]) & (block.dated_day < edges[-1])
        for name, terms in selection.facets.items():
            mine &= ((block.facets[name] & FACETS[name].wanted(terms)) != 0)[block.dated_owner]
        if mine.any():
            month = np.searchsorted(edges, block.dated_day[mine], "right") - 1
            owner, month = np.divmod(np.unique(block.dated_owner[mine].astype("i8") * len(edges) + month), len(edges))
            np.add.at(table, (month, block.kind[owner]), 1)
    return table
