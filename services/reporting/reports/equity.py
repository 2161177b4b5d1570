"""Who gets help: access, waiting and thriving of each group beside the others. Pure.

A share is shown with its count and its Wilson interval; of fewer than `FEWEST` it is not shown at all, as it would say more
about chance than about people. Where two intervals overlap, the difference may be chance. Groups are of one person's facts, and
the facts are those told: `unknown` is a group of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyroaring import BitMap

from services.reporting.figures.facets import EQUITY, FACETS
from services.reporting.index.index import Cell, Index
from services.reporting.index.lengths import Bits, Lengths
from services.reporting.index.sums import Selection, Urgent, times
from services.reporting.reports.wilson import interval

FEWEST: Final = 11
"""Of fewer, no share and no median."""

OUTCOMES: Final[Mapping[str, tuple[Cell, Cell]]] = {
    "accepted": (("received",), ("funnel", "accepted")),
    "contacted": (("received",), ("funnel", "contacted")),
    "served": (("received",), ("funnel", "served")),
    "safe_housing_at_90_days": (("thriving", "90", "recorded"), ("thriving", "90", "safe_housing")),
    "engaged_with_support_at_90_days": (("thriving", "90", "recorded"), ("thriving", "90", "engaged_with_support")),
}
"""Each share: out of which cell, and which part of it."""
WAITING: Final = "received_to_served"


def equity(index: Index, selection: Selection) -> dict[str, list[dict[str, Any]]]:
    """For each facet that people are compared by, a row for every group that there is somebody in."""
    cases = index.narrowed(selection.facets) & index.received(*selection.days)
    waited = Lengths.together(*_waited(times(index, cases, {WAITING}).get(WAITING, {})))
    return {name: list(_groups(name, index, cases, waited)) for name in EQUITY}


def _waited(known: Mapping[Urgent, Lengths]) -> tuple[Mapping[int, Bits], list[Lengths]]:
    return next((one.bits for one in known.values()), {}), [*known.values()]


def _groups(name: str, index: Index, cases: BitMap, waited: Lengths) -> Iterator[dict[str, Any]]:
    for term in FACETS[name].terms:
        if group := cases & index.with_any(name, [term]):
            yield {name: term, "referrals": len(group), **_shares(index, group), **_waiting(waited.within(group))}


def _shares(index: Index, group: BitMap) -> dict[str, dict[str, Any]]:
    found = {name: [group & index.counted(cell)[0] for cell in pair] for name, pair in OUTCOMES.items()}
    return {name: share(whole.intersection_cardinality(part), len(whole)) for name, (whole, part) in found.items()}


def share(part: int, whole: int) -> dict[str, Any]:
    """Counts always; the share and its interval only where they say something."""
    if whole < FEWEST:
        return {"of": whole, "count": part, "share": None, "low": None, "high": None}
    low, high = interval(part, whole)
    return {"of": whole, "count": part, "share": round(part / whole, 4), "low": low, "high": high}


def _waiting(waited: Lengths) -> dict[str, Any]:
    median = waited.percentile(50) if len(waited) >= FEWEST else None
    return {"time_to_first_service": {"count": len(waited), "median": None if median is None else median / 1000}}
