"""A report that somebody waits for: each of their lines, and which of our figures answers it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from services.reporting.index.sums import Basis
from services.reporting.measures import BY_NAME, describe_measures
from services.reporting.reports.period import named
from services.reporting.reports.tables import Figures


class Every(StrEnum):
    """How often it is due."""

    week = "week"
    fiscal_quarter = "fiscal_quarter"
    fiscal_year = "fiscal_year"
    calendar_year = "calendar_year"


@dataclass(frozen=True)
class Line:
    """What is asked, and the measure that answers; `where` picks rows of it. `missing`: why nothing of ours does."""

    asks: str
    measure: str = ""
    basis: Basis = Basis.event
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing: str = ""

    def answer(self, figures: Mapping[Basis, Figures]) -> dict[str, Any]:
        """The line with its rows, as data."""
        if self.missing:
            return {"asks": self.asks, "missing": self.missing, "rows": []}
        rows = [
            row
            for row in figures[self.basis].get(self.measure, ())
            if all(row[by] in terms for by, terms in self.where.items())
        ]
        told = {"measure": self.measure, "counted_by": self.basis.value, "by": list(BY_NAME[self.measure].by)}
        return {"asks": self.asks, **told, "rows": rows}


@dataclass(frozen=True)
class NamedReport:
    """One report."""

    name: str
    title: str
    every: Every
    lines: Sequence[Line]

    def measures_by(self, basis: Basis) -> set[str]:
        """What answers it that is counted so."""
        return {line.measure for line in self.lines if line.basis is basis}

    def answer(self, figures: Mapping[Basis, Figures]) -> dict[str, Any]:
        """Every line with its rows, and what its measures mean, as data."""
        told = {"name": self.name, "title": self.title, "lines": [line.answer(figures) for line in self.lines]}
        return told | {"definitions": describe_measures({line.measure for line in self.lines})}


def last_over(every: Every, today: date) -> tuple[date, date]:
    """The first and last day of the last week, quarter or year that is over."""
    if every is Every.week:
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=6)
    years = range(today.year + 1, today.year - 2, -1)
    names = {
        Every.fiscal_quarter: [f"FY{year}-Q{number}" for year in years for number in (4, 3, 2, 1)],
        Every.fiscal_year: [f"FY{year}" for year in years],
        Every.calendar_year: [f"CY{year}" for year in years],
    }
    return next(days for days in map(named, names[every]) if days[1] < today)
