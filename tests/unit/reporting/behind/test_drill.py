"""The cases that are listed behind a figure are those that were counted, for every figure there is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.reporting.behind.drill import COUNTED, TIMED, Behind, behind, coded
from services.reporting.figures.measure import TYPES, Timing
from services.reporting.index.sums import Basis
from services.reporting.measures import BY_NAME, MEASURES
from services.reporting.reports.period import Period
from services.reporting.reports.question import Question, Unclear
from tests.figures import NEW_YORK, figures, indexed
from tests.histories import lives
from tests.unit.reporting.cases.test_projections import folded

CASES = [{"_id": str(one.id), **folded(one.intake + one.activity + one.delivered)} for one in lives(61, 150)]
HALF = Period(date(2026, 3, 1), date(2026, 8, 31), NEW_YORK)
QUESTIONS = [
    Question(HALF),
    Question(HALF, Basis.event),
    Question(
        Period(None, None, NEW_YORK), facets={"town": frozenset({"hartford", "windsor"}), "gender": frozenset({"female"})}
    ),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=["receipt", "event", "narrowed"])
def test_as_many_cases_are_behind_every_figure_as_it_says(question: Question) -> None:
    found, index = figures(CASES, question), indexed(CASES)
    tried = 0
    for name, rows in found.items():
        measure = BY_NAME[name]
        columns = TIMED if isinstance(measure, Timing) else COUNTED[question.basis]
        for row in rows:
            told = tuple(row[by] for by in measure.by)
            for column in columns:
                figure = Behind(name, told, column)
                times = [figure.times(case, question.selection, NEW_YORK) for case in CASES]
                assert set(figure.numbers(index, question.selection)) == {n for n, often in enumerate(times) if often}, figure
                assert sum(times) == row[column] == figure.told(found), figure
                tried += 1
                if measure.unit == "referrals":
                    assert max(times) <= 1
    assert tried > 500
    assert {measure.name for measure in MEASURES} == set(found) or question.basis is Basis.event


def test_an_address_names_a_figure_and_leads_back_to_it() -> None:
    figure = Behind("assignments", ("hartford-pd", "offered"), "labor")
    assert behind(figure.address(), Basis.receipt) == (figure, -1)
    assert behind([("measure", "received"), ("after", "1768")], Basis.event) == (
        Behind("received", (), "total"),
        1768,
    )
    assert behind([("measure", "answer_time"), ("row", "cca")], Basis.receipt)[0].column == "count"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ([], "measure"),
        ([("measure", "lunch")], "measure"),
        ([("measure", "received"), ("row", "x")], "row"),
        ([("measure", "assignments"), ("row", "cca")], "row"),
        ([("measure", "closure"), ("row", "<b>")], "row"),
        ([("measure", "received"), ("column", "median")], "column"),
        ([("measure", "answer_time"), ("row", "cca"), ("column", "total")], "column"),
        ([("measure", "received"), ("column", "new")], "column"),
        ([("measure", "received"), ("after", "yesterday")], "after"),
    ],
)
def test_what_names_no_figure_is_refused(address: list[tuple[str, str]], field: str) -> None:
    with pytest.raises(Unclear) as unclear:
        behind(address, Basis.receipt)
    assert [name for name, _ in unclear.value.fixes] == [field]


def test_a_measure_without_dates_has_no_cases_by_event() -> None:
    with pytest.raises(Unclear, match="needs a change"):
        behind([("measure", "workload"), ("row", "cca"), ("row", "offered")], Basis.event)


def test_a_coded_case_has_no_id_no_time_of_day_and_nothing_but_terms() -> None:
    for case in CASES:
        shown: dict[str, Any] = coded(case, NEW_YORK)
        assert case["_id"] not in str(shown)
        assert len(shown["received"]) == len("2026-01-01")
        assert shown["type"] in TYPES
        assert all(set(part) == {"agency", "status"} for part in shown["agencies"])
