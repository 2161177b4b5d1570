"""What releases show of linked periods, and that nothing small can be had from all of them together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.year.story import year
from services.reporting.release.differences import differences
from services.reporting.release.release import Key, Past, linked, needed, span
from services.reporting.release.suppression import hidden
from services.reporting.reports.period import Period, named, parts
from services.reporting.reports.question import Question
from tests.disclosure.attacker import found_out
from tests.figures import NEW_YORK, figures
from tests.unit.reporting.cases.test_projections import folded

THRESHOLD = 11


@pytest.fixture(scope="module")
def cases() -> list[Any]:
    """A year of the region, small."""
    told = year(datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), 150, 7)
    return [folded(one.intake + one.activity + one.delivered) for one in told]


def test_all_releases_together_give_no_small_figure_away(cases: list[Any]) -> None:
    """Three quarters, then the year: subtracting them from it would give the fourth, and each hidden figure of the others."""
    past = Past()
    for name in ("FY2026-Q1", "FY2026-Q2", "FY2026-Q3", "FY2026"):
        known = {
            days: figures(cases, Question(Period.called(one, NEW_YORK))) for days, one in needed(name, past.periods).items()
        }
        system = linked(name, known, past)
        chosen = hidden(system, THRESHOLD)
        assert found_out(system.values, chosen, system.sums, system.at_most, THRESHOLD) == set()
        mine: dict[Key, int] = {key: value for key, value in system.values.items() if key[0] == span(name)}
        shown = {key: value for key, value in mine.items() if key not in chosen}
        past = Past({**past.shown, **shown}, past.hidden | {key for key in mine if key in chosen}, past.periods | {name})
    assert set(known) == {span(name) for name in ("FY2026", *parts("FY2026"))}


def test_a_quarter_of_the_fiscal_and_of_the_calendar_year_are_one_period() -> None:
    assert span("FY2026-Q2") == span("CY2026-Q1") == "2026-01-01/2026-03-31"
    assert span("FY2026") == "2025-10-01/2026-09-30"


@pytest.mark.parametrize("name", ["FY2026-Q5", "FY2026-01", "CY2026-13", "CY99", "2026", "fy2026", "FY2026-Q1 "])
def test_what_is_no_name_of_a_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no such period"):
        named(name)


def test_what_differs_is_told_by_measure_row_and_column() -> None:
    before = {"closure": [{"reason": "moved", "total": 3}, {"reason": "deceased", "total": 1}]}
    after = {"closure": [{"reason": "moved", "total": 4}]}
    assert differences(before, after, {"closure": ("reason",)}) == [
        {"measure": "closure", "row": {"reason": "moved"}, "column": "total", "was": 3, "is": 4},
        {"measure": "closure", "row": {"reason": "deceased"}, "column": "total", "was": 1, "is": None},
    ]
