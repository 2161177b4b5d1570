"""What a release shows of the figures of its period, and how its figures hang together with those of others. Pure.

Releases are of quarters and of years, counted by receipt. A year is the sum of its quarters, fiscal or calendar, so a figure of
a quarter could be had by subtracting the others: all of them are one system of figures. A quarter that was never released is
part of it too, as something that nobody may learn.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.reporting.figures.measure import TYPES, Count, Row
from services.reporting.measures import BY_NAME
from services.reporting.release.suppression import Linked
from services.reporting.reports.period import named, parts
from services.reporting.reports.tables import Figures

RELEASED: Final = (
    "received",
    "funnel",
    "received_by_reporter",
    "received_by_age_group",
    "received_by_gender",
    "received_by_race_ethnicity",
    "received_by_town",
    "screened_out",
    "victim_status",
    "services",
    "justice_steps",
    "charges",
    "dispositions",
    "thriving",
    "closure",
)
COLUMNS: Final = (*TYPES, "total")
Key = tuple[str, str, Row, str]
"""Days of the period (the same for all names of it), measure, row, column."""


def span(name: str) -> str:
    """The days of a period, however it is called. ValueError where it has no name."""
    return "/".join(day.isoformat() for day in named(name))


@dataclass(frozen=True)
class Past:
    """What earlier releases to the same audience showed, and what they hid. `periods`: of which, this one left out."""

    shown: Mapping[Key, int] = field(default_factory=dict)
    hidden: frozenset[Key] = frozenset()
    periods: frozenset[str] = field(default_factory=frozenset)


def needed(name: str, past: Iterable[str]) -> dict[str, str]:
    """The periods whose figures are needed to release one: days to a name. Years that were released, and their quarters."""
    names = {name, *past}
    return {span(one): one for year in names for one in (year, *parts(year))}


def linked(name: str, figures: Mapping[str, Figures], past: Past) -> Linked:
    """The figures of a period that is to be released, with all that hangs together with them. `figures`: by days."""
    rows = {measure: _rows_of(measure, figures.values()) for measure in RELEASED}
    values = {key: value for days, of_days in figures.items() for key, value in _values(days, of_days, rows)}
    years = {one for one in {name, *past.periods} if parts(one)}
    sums = [*_within(figures, rows), *_over(years, values)]
    to_show = {key for key in values if key[0] == span(name)}
    # An earlier version of this period gives away what is still the same; what has been corrected can be hidden anew.
    public = frozenset(k for k, value in past.shown.items() if k in values and (k not in to_show or values[k] == value))
    withheld = frozenset(key for key in values if key not in to_show and key not in public) | (past.hidden & to_show)
    return Linked(values, sums, list(_at_most(figures, rows)), public, withheld)


def _rows_of(measure: str, figures: Iterable[Figures]) -> list[Row]:
    by = BY_NAME[measure].by
    found = dict.fromkeys(tuple(row[column] for column in by) for one in figures for row in one[measure])
    return [row for row in found if measure != "services" or row[1] == "provided"]


def _values(days: str, figures: Figures, rows: Mapping[str, list[Row]]) -> Iterator[tuple[Key, int]]:
    for measure in RELEASED:
        by = BY_NAME[measure].by
        known = {tuple(row[column] for column in by): row for row in figures[measure]}
        for row in rows[measure]:
            for column in COLUMNS:
                yield (days, measure, row, column), known[row][column] if row in known else 0


def _within(figures: Mapping[str, Figures], rows: Mapping[str, list[Row]]) -> Iterator[tuple[Key, list[Key]]]:
    """The rules within each period: kinds add up to the total, and rows of a whole to what was received."""
    for days in figures:
        for measure in RELEASED:
            yield from (
                ((days, measure, row, "total"), [(days, measure, row, kind) for kind in TYPES]) for row in rows[measure]
            )
        for column in COLUMNS:
            received = (days, "received", (), column)
            for measure in RELEASED[1:]:
                if _is_whole(measure):
                    yield received, [(days, measure, row, column) for row in rows[measure]]
            yield received, [(days, "funnel", ("received",), column)]
            for day in ("30", "90", "180"):
                yield received, [(days, "thriving", (day, known), column) for known in ("recorded", "not_recorded")]


def _is_whole(measure: str) -> bool:
    declared = BY_NAME[measure]
    return isinstance(declared, Count) and declared.whole


def _over(years: Iterable[str], values: Mapping[Key, int]) -> Iterator[tuple[Key, list[Key]]]:
    """A year is the sum of its quarters."""
    by_days: dict[str, list[Key]] = defaultdict(list)
    for key in values:
        by_days[key[0]].append(key)
    for year in {span(year): year for year in years}.values():
        for _, measure, row, column in by_days[span(year)]:
            yield (span(year), measure, row, column), [(span(one), measure, row, column) for one in parts(year)]


def _at_most(figures: Mapping[str, Figures], rows: Mapping[str, list[Row]]) -> Iterator[tuple[Key, Key]]:
    """What is a part of what was received, or of those recorded at a day, in each period and column."""
    for days in figures:
        for column in COLUMNS:
            for measure in RELEASED[1:]:
                if not _is_whole(measure):
                    for row in rows[measure]:
                        whole = (days, *_whole_of(measure, row), column)
                        if whole != (days, measure, row, column):
                            yield (days, measure, row, column), whole


def _whole_of(measure: str, row: Row) -> tuple[str, Row]:
    if measure == "thriving" and row[1] not in ("recorded", "not_recorded"):
        return "thriving", (row[0], "recorded")
    return "received", ()


def shown(name: str, figures: Figures, hidden: frozenset[Key]) -> dict[str, list[dict[str, Any]]]:
    """The release's tables: None stands for a figure that is hidden."""
    tables = {}
    for measure in RELEASED:
        by = BY_NAME[measure].by
        wanted = [row for row in figures[measure] if measure != "services" or row["status"] == "provided"]
        tables[measure] = [
            {column: row[column] for column in by}
            | {c: None if (span(name), measure, tuple(row[b] for b in by), c) in hidden else row[c] for c in COLUMNS}
            for row in wanted
        ]
    return tables
