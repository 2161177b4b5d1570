"""Which coded cases are behind a figure, and what of them is shown to the inside. Pure.

Which cases these are is read from the same index as the figure; how often each counts is asked of the measure's declaration.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from services.reporting.figures.counting import agencies, urgency, victim
from services.reporting.figures.facets import FACETS
from services.reporting.figures.measure import TYPES, Case, Count, Row, Timing
from services.reporting.index.index import Index
from services.reporting.index.memberships import ENDED, WAITING
from services.reporting.index.sums import Basis, Selection, chosen, counted_in, timed_in
from services.reporting.measures import BY_NAME
from services.reporting.reports.question import Unclear
from services.reporting.reports.tables import ALL

COUNTED: Final = {Basis.receipt: ("total", *TYPES), Basis.event: ("total", *TYPES, "new", "continuing")}
TIMED: Final = ("count", "not_ended")
"""Columns whose figures have cases behind them: the others are times and shares."""
_TERM: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
NAMES: Final = ("measure", "row", "column", "after")
"""What of an address is about the figure."""


@dataclass(frozen=True)
class Behind:
    """One figure: a column of a row of a measure."""

    measure: str
    row: Row
    column: str

    def times(self, case: Case, selection: Selection, zone: ZoneInfo) -> int:
        """How often the case counts in the figure; 0 where it does not."""
        if not _kept(case, selection) or (self.column in TYPES and self.column != _type(case)):
            return 0
        if selection.basis is Basis.event:
            return self._by_event(case, selection, zone)
        return self._by_receipt(case) if selection.first <= _received(case, zone) <= selection.last else 0

    def _by_receipt(self, case: Case) -> int:
        measure = BY_NAME[self.measure]
        if isinstance(measure, Timing):
            spans = [span for span in measure.spans(case) if self._is(self.measure, span.row)]
            return sum((span.ms is None) is (self.column == "not_ended") for span in spans)
        assert isinstance(measure, Count)
        return sum(row == self.row for row in measure.rows_of(case))

    def _by_event(self, case: Case, selection: Selection, zone: ZoneInfo) -> int:
        measure = BY_NAME[self.measure]
        if not isinstance(measure, Count) or measure.dated is None:
            return 0
        days = (at.astimezone(zone).toordinal() for row, at in measure.dated(case) if row == self.row)
        new = _received(case, zone) >= selection.first
        wanted = {"new": new, "continuing": not new}.get(self.column, True)
        return int(wanted and any(selection.first <= day <= selection.last for day in days))

    def numbers(self, index: Index, selection: Selection) -> BitMap:
        """The numbers of the cases behind the figure."""
        if isinstance(BY_NAME[self.measure], Timing):
            kind = WAITING if self.column == "not_ended" else ENDED
            timed = (members for name, (row, _), _, members in timed_in(index, kind) if self._is(name, row))
            return chosen(index, selection) & BitMap().union(*timed)
        found = counted_in(index, selection, (self.measure, *self.row))
        if self.column in TYPES:
            return index.by_type(found)[TYPES.index(self.column)]
        received = index.received(*selection.days)
        return {"new": found & received, "continuing": found - received}.get(self.column, found)

    def _is(self, measure: str, row: Row) -> bool:
        return measure == self.measure and self.row in (row, (ALL,))

    def told(self, figures: Mapping[str, Any]) -> int:
        """The figure itself."""
        names = BY_NAME[self.measure].by
        rows = (row for row in figures[self.measure] if tuple(row[name] for name in names) == self.row)
        return next((int(row[self.column]) for row in rows), 0)

    def address(self) -> list[tuple[str, str]]:
        """As it stands in an address."""
        return [("measure", self.measure), *(("row", term) for term in self.row), ("column", self.column)]


def behind(pairs: Iterable[tuple[str, str]], basis: Basis) -> tuple[Behind, int]:
    """The figure that an address names, and the number of the case to go on after (-1: none). Unclear where there is none."""
    mine = {name: [value for other, value in pairs if other == name and value] for name in NAMES}
    measure = BY_NAME.get(mine["measure"][0]) if len(mine["measure"]) == 1 else None
    if measure is None:
        raise Unclear([("measure", f"give one of {', '.join(BY_NAME)}")])
    if basis is Basis.event and not measure.has_dates:
        raise Unclear([("counted_by", "this measure has no dates of its own: count it by receipt")])
    columns = TIMED if isinstance(measure, Timing) else COUNTED[basis]
    column = mine["column"] or [columns[0]]
    after = [int(one) if re.fullmatch(r"\d{1,9}", one) else None for one in mine["after"]]
    fixes = [
        (
            len(mine["row"]) == len(measure.by) and all(map(_TERM.fullmatch, mine["row"])),
            "row",
            f"give a term for each of {', '.join(measure.by) or 'nothing'}, in this order",
        ),
        (len(column) == 1 and column[0] in columns, "column", f"give one of {', '.join(columns)}"),
        (len(after) < 2 and None not in after, "after", "give what an earlier answer said in `next`"),
    ]
    if wrong := [(name, fix) for is_right, name, fix in fixes if not is_right]:
        raise Unclear(wrong)
    place = after[0] if after and after[0] is not None else -1
    return Behind(measure.name, tuple(mine["row"]), column[0]), place


def coded(case: Case, zone: ZoneInfo) -> dict[str, Any]:
    """What is shown of a case: its facts in codes, the day it came in, how it stands. No id, no time of day, no free text."""
    facts = {name: list(facet.of(case)) for name, facet in FACETS.items() if name not in ("urgency", "victim_status")}
    standing = {"urgency": urgency(case), "victim_status": next(iter(victim(case)))[0], "state": _state(case)}
    parts = [{"agency": agency, "status": part["status"]} for agency, part in agencies(case)]
    day = date.fromordinal(_received(case, zone)).isoformat()
    return {"received": day, **{name: _plain(terms) for name, terms in facts.items()}, **standing, "agencies": parts}


def _plain(terms: list[str]) -> str | list[str]:
    return terms[0] if len(terms) == 1 else sorted(terms)


def _state(case: Case) -> str:
    told: Mapping[str, Any] = case.get("activity", {})
    if "withdrawn" in case["intake"]:
        return "withdrawn"
    return "closed" if told.get("closed") else "screened_out" if told.get("screened_out") else "open"


def _kept(case: Case, selection: Selection) -> bool:
    return all(FACETS[name].bits(case) & FACETS[name].wanted(terms) for name, terms in selection.facets.items())


def _type(case: Case) -> str:
    kind: str = case["intake"]["facts"]["trafficking_type"]
    return kind


def _received(case: Case, zone: ZoneInfo) -> int:
    day: int = case["intake"]["received"].astimezone(zone).toordinal()
    return day
