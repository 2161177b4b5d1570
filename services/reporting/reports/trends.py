"""How counts move from month to month, by the month in which things happened. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pyroaring import BitMap

from services.reporting.figures.measure import TYPES
from services.reporting.index.index import Cell, Index
from services.reporting.index.sums import Selection
from services.reporting.reports.period import named

MOST_MONTHS: Final = 36
"""The last ones of the period; more make no readable line."""
FOLLOWED: Final[dict[str, Cell]] = {
    "received": ("received",),
    "contacted": ("funnel", "contacted"),
    "served": ("served",),
    "confirmed_victims": ("victim_status", "confirmed"),
    "arrests": ("justice_steps", "arrest"),
    "closed": ("funnel", "closed"),
}
"""What is followed: referrals, each once in a month."""


def months(first: date, last: date) -> list[tuple[str, date, date]]:
    """The calendar months that lie in it wholly or partly, cut to it: name, first and last day."""
    number, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    names = [f"CY{month // 12}-{month % 12 + 1:02}" for month in range(max(number, end - MOST_MONTHS + 1), end + 1)]
    return [(name, max(first, named(name)[0]), min(last, named(name)[1])) for name in names]


def trend(index: Index, selection: Selection, today: date) -> list[dict[str, Any]]:
    """A row for each month up to today and thing followed, the kinds of trafficking side by side."""
    begin, end = selection.days
    earliest = index.earliest
    first, last = max(begin, earliest or today), min(end, today)
    if earliest is None or first > last:
        return []
    kinds = index.by_type(index.narrowed(selection.facets))
    return [row for month in months(first, last) for row in _month(index, kinds, *month)]


def _month(index: Index, kinds: list[BitMap], month: str, first: date, last: date) -> Iterator[dict[str, Any]]:
    """Referrals by what is followed and kind, each once in the month."""
    received = index.received(first, last)
    for name, cell in FOLLOWED.items():
        happened = index.happened(cell, first, last, received)
        counts = [happened.intersection_cardinality(kind) for kind in kinds]
        yield {"month": month, "what": name, **dict(zip(TYPES, counts, strict=True)), "total": sum(counts)}
