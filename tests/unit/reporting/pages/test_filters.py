"""The form of the pages holds what the address says, so that showing it again loses nothing."""

from __future__ import annotations

from datetime import date

import pytest

from services.reporting.index.sums import Basis
from services.reporting.pages.filters import comparison, selects
from services.reporting.reports.period import Period
from services.reporting.reports.question import Question, Unclear, compared
from tests.figures import NEW_YORK

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("period", ["", "FY2026-Q2", "CY2026-Q1", "CY2025-03", "FY2019"])
def test_what_is_chosen_is_chosen_in_the_form(period: str) -> None:
    days = Period.called(period, NEW_YORK) if period else Period(None, None, NEW_YORK)
    question = Question(days, Basis.event, {"gender": frozenset({"male", "unknown"}), "town": frozenset({"windsor"})})
    chosen = {one.name: [choice.value for choice in one.choices if choice.chosen] for one in selects(question, period, TODAY)}
    assert chosen["period"] == [period]
    assert chosen["counted_by"] == ["event"]
    assert chosen["gender"] == ["male", "unknown"]
    assert chosen["town"] == ["windsor"]
    assert chosen["language"] == [""]
    assert [one.name for one in selects(question, period, TODAY) if one.several] == ["gender"]


@pytest.mark.parametrize(
    ("period", "word", "first", "last"),
    [
        ("CY2026-Q1", "before", date(2025, 10, 3), date(2025, 12, 31)),
        ("CY2026-Q1", "year", date(2025, 1, 1), date(2025, 3, 31)),
        ("CY2024-02", "year", date(2023, 2, 1), date(2023, 2, 28)),
        ("CY2025-02", "year", date(2024, 2, 1), date(2024, 2, 29)),
        ("CY2026-Q1", "FY2024", date(2023, 10, 1), date(2024, 9, 30)),
    ],
)
def test_what_a_period_is_compared_with(period: str, word: str, first: date, last: date) -> None:
    question = Question(Period.called(period, NEW_YORK), facets={"town": frozenset({"windsor"})})
    earlier = compared(question, word)
    assert earlier == Question(Period(first, last, NEW_YORK), question.basis, question.facets)
    assert [choice.value for choice in comparison(word, TODAY).choices if choice.chosen] == [word]


def test_there_is_nothing_to_compare_with_unless_it_is_asked_for_and_known() -> None:
    assert compared(Question(Period.called("CY2026", NEW_YORK)), "") is None
    assert compared(Question(Period(None, TODAY, NEW_YORK)), "year") is None
    with pytest.raises(Unclear):
        compared(Question(Period.called("CY2026", NEW_YORK)), "yesterday")
