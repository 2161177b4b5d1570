"""Reports that somebody waits for: their lines are answered by the figures that config/reports.yaml names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.reporting.index.sums import Basis
from services.reporting.reports.named_report import Every, last_over
from services.reporting.reports.question import Question
from services.reporting.reports.reports_file import load_reports
from tests.figures import EVERYTHING, figures
from tests.histories import lives
from tests.unit.reporting.cases.test_projections import folded

REPORTS = load_reports(Path("config"))


@pytest.mark.parametrize("name", list(REPORTS))
def test_every_line_is_answered_with_the_rows_asked_for_or_says_why_not(name: str) -> None:
    cases = [folded(one.intake + one.activity + one.delivered) for one in lives(4, 120)]
    found = {basis: figures(cases, Question(EVERYTHING.period, basis)) for basis in Basis}
    for line in REPORTS[name].lines:
        told = line.answer(found)
        if line.missing:
            assert told == {"asks": line.asks, "missing": line.missing, "rows": []}
        else:
            assert told["rows"], line.asks
            assert all(row in found[line.basis][line.measure] for row in told["rows"])
            assert all(row[by] in terms for row in told["rows"] for by, terms in line.where.items())


def test_the_state_is_told_what_the_statute_asks_for() -> None:
    asked = [line.asks for line in REPORTS["state-annual"].lines]
    for words in (
        "Referrals received",
        "missing children",
        "Department of Children",
        "referred for prosecution",
        "Convictions",
    ):
        assert any(words in line for line in asked), words


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{asks: x}", "either a measure or"),
        ("{asks: x, measure: lunch}", "no such count: lunch"),
        ("{asks: x, measure: notice_time}", "no such count: notice_time"),
        ("{asks: x, measure: clocks}", "count it by receipt"),
        ("{asks: x, measure: closure, where: {town: [hartford]}}", "no column town; it has reason"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "reports.yaml").write_text(f"mine: {{title: Mine, every: week, lines: [{line}]}}")
    with pytest.raises(ValidationError, match=complaint):
        load_reports(tmp_path)


@pytest.mark.parametrize(
    ("every", "today", "first", "last"),
    [
        (Every.week, date(2026, 11, 25), date(2026, 11, 16), date(2026, 11, 22)),
        (Every.week, date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 22)),
        (Every.fiscal_quarter, date(2026, 11, 25), date(2026, 7, 1), date(2026, 9, 30)),
        (Every.fiscal_quarter, date(2026, 12, 31), date(2026, 7, 1), date(2026, 9, 30)),
        (Every.fiscal_quarter, date(2027, 1, 1), date(2026, 10, 1), date(2026, 12, 31)),
        (Every.fiscal_year, date(2026, 9, 30), date(2024, 10, 1), date(2025, 9, 30)),
        (Every.fiscal_year, date(2026, 10, 1), date(2025, 10, 1), date(2026, 9, 30)),
        (Every.calendar_year, date(2026, 12, 31), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_period_that_is_over(every: Every, today: date, first: date, last: date) -> None:
    assert last_over(every, today) == (first, last)
