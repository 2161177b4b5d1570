"""How counts move from month to month, by the month in which things happened. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import numpy as np

from services.reporting.columns import Block, Cell, Column
from services.reporting.figures import TYPES
from services.reporting.period import named
from services.reporting.sums import Selection, batches, join, kept, owners

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
    counts = _by_month(known, cells, selection, edges)
    return [
        {"month": month, "what": name, **dict(zip(TYPES, row, strict=True)), "total": sum(row)}
        for place, (month, _, _) in enumerate(shown)
        for number, name in enumerate(FOLLOWED)
        for row in [counts[number, place].tolist()]
    ]


def _by_month(blocks: list[Block], cells: list[Cell], selection: Selection, edges: Column) -> Column:
    """Referrals by what is followed, month and kind, each once in a month."""
    table = np.zeros((len(FOLLOWED), len(edges), len(TYPES)), "i8")
    followed = np.full(len(cells), -1, "i8")
    for number, cell in enumerate(FOLLOWED.values()):
        if cell in cells:
            followed[cells.index(cell)] = number
    for batch in batches(blocks):
        what, owner, day = followed[join(batch, "dated_cell")], owners(batch, "dated_owner"), join(batch, "dated_day")
        mine = (what >= 0) & (day >= edges[0]) & (day < edges[-1]) & kept(batch, selection)[owner]
        month = np.searchsorted(edges, day[mine], "right") - 1
        one = np.unique((owner[mine] * len(FOLLOWED) + what[mine]) * len(edges) + month)
        (owner, what), month = np.divmod(one // len(edges), len(FOLLOWED)), one % len(edges)
        np.add.at(table, (what, month, join(batch, "kind")[owner]), 1)
    return table
