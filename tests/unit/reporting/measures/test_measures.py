"""Figures out of cases, against the oracle that works them out of the raw events."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.figures.facets import EQUITY, FACETS
from services.reporting.figures.measure import TYPES, Timing
from services.reporting.index.sums import Basis, add_up
from services.reporting.measures import BY_NAME, MEASURES
from services.reporting.reports.equity import FEWEST, equity
from services.reporting.reports.period import Period
from services.reporting.reports.question import Question
from services.reporting.reports.tables import tables
from services.reporting.reports.trends import FOLLOWED, trend
from tests.figures import EVERYTHING, NEW_YORK, TARGETS, figures, indexed
from tests.histories import Life, life, lives
from tests.oracle import assert_figures, expected_group
from tests.unit.reporting.cases.test_projections import folded

SECOND_QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30), NEW_YORK)


def events(told: list[Life]) -> list[Any]:
    return [event for one in told for event in one.intake + one.activity + one.delivered]


def shuffled(one: Life, rng: Random) -> list[Any]:
    """The three topics mixed in any way, each in its order, with repeats of what had come before."""
    left, mixed = [list(part) for part in (one.intake, one.activity, one.delivered) if part], []
    while left:
        part = rng.choice(left)
        mixed.append(part.pop(0))
        left = [part for part in left if part]
        if rng.random() < 0.2:
            mixed.append(rng.choice(mixed))
    return mixed


def test_every_figure_of_a_year_is_what_the_raw_events_say() -> None:
    told = lives(20260101, 400)
    cases = [folded(one.intake + one.activity + one.delivered) for one in told]
    assert_figures(figures(cases), events(told), TARGETS)


@settings(max_examples=60, deadline=None)
@given(seeds=st.lists(st.integers(0, 2**32), max_size=6, unique=True), order=st.randoms(use_true_random=False))
def test_every_figure_of_any_few_referrals_is_what_the_raw_events_say(seeds: list[int], order: Random) -> None:
    told = [life(Random(seed)) for seed in seeds]
    cases = [folded(shuffled(one, order)) for one in told]
    assert_figures(figures(cases), events(told), TARGETS)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), order=st.randoms(use_true_random=False))
def test_every_figure_of_a_quarter_by_receipt_and_by_event_is_what_the_raw_events_say(seed: int, order: Random) -> None:
    told = lives(seed, 25)
    cases = [folded(shuffled(one, order)) for one in told]
    days = SECOND_QUARTER.since, SECOND_QUARTER.until
    for basis in Basis:
        found = figures(cases, Question(SECOND_QUARTER, basis))
        assert_figures(found, events(told), TARGETS, *days, by_event=basis is Basis.event)


@settings(max_examples=12, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_every_figure_that_is_narrowed_down_is_what_the_raw_events_say(data: st.DataObject, seed: int) -> None:
    told = lives(seed, 25)
    names = data.draw(st.lists(st.sampled_from(list(FACETS)), max_size=2, unique=True))
    facets = {name: data.draw(st.sets(st.sampled_from(FACETS[name].terms), min_size=1)) for name in names}
    cases = [folded(one.intake + one.activity + one.delivered) for one in told]
    question = Question(EVERYTHING.period, facets={name: frozenset(terms) for name, terms in facets.items()})
    assert_figures(figures(cases, question), events(told), TARGETS, facets=facets)


def test_every_group_of_the_equity_view_is_what_the_raw_events_say() -> None:
    told = lives(11, 300)
    known = indexed([folded(one.intake + one.activity + one.delivered) for one in told])
    found = equity(known, Question(SECOND_QUARTER).selection)
    assert list(found) == list(EQUITY)
    for facet, rows in found.items():
        for row in rows:
            want = expected_group(events(told), SECOND_QUARTER.since, SECOND_QUARTER.until, facet, row[facet])
            assert row["referrals"] == want.pop("referrals")
            count, median = want.pop("median")
            shown = None if count < FEWEST else median / timedelta(seconds=1)
            assert row["time_to_first_service"] == {"count": count, "median": shown}
            assert {name: (row[name]["count"], row[name]["of"]) for name in want} == want


def test_each_month_of_the_trend_is_what_the_report_of_that_month_says() -> None:
    cases = [folded(one.intake + one.activity + one.delivered) for one in lives(6, 150)]
    narrowed = {"type": frozenset({"sex", "both"})}
    asked = Question(Period(date(2026, 1, 15), date(2026, 5, 3), NEW_YORK), Basis.event, narrowed)
    rows = trend(indexed(cases), asked.selection, date(2026, 4, 20))
    last_day = {"CY2026-01": date(2026, 1, 31), "CY2026-02": date(2026, 2, 28), "CY2026-03": date(2026, 3, 31)}
    assert list(dict.fromkeys(row["month"] for row in rows)) == [*last_day, "CY2026-04"]
    for month, last in (last_day | {"CY2026-04": date(2026, 4, 20)}).items():
        period = Period(date(2026, 1, 15) if month == "CY2026-01" else last.replace(day=1), last, NEW_YORK)
        found = figures(cases, Question(period, Basis.event, narrowed))
        for row in (row for row in rows if row["month"] == month):
            measure, *cell = FOLLOWED[row["what"]]
            by = BY_NAME[measure].by
            (same,) = [one for one in found[measure] if [one[name] for name in by] == cell]
            assert {kind: row[kind] for kind in (*TYPES, "total")} == {kind: same[kind] for kind in (*TYPES, "total")}


def test_the_rows_of_a_whole_measure_add_up_to_what_was_received() -> None:
    found = figures([folded(one.intake + one.activity + one.delivered) for one in lives(5, 80)])
    received = found["received"][0]
    whole = [name for name, measure in BY_NAME.items() if getattr(measure, "whole", False)]
    assert len(whole) > 8
    for name in whole:
        for kind in ("sex", "labor", "both", "unsure", "total"):
            assert sum(row[kind] for row in found[name]) == received[kind], name


@pytest.mark.parametrize("basis", list(Basis))
def test_some_of_the_measures_are_as_they_are_among_all(basis: Basis) -> None:
    index = indexed([folded(one.intake + one.activity + one.delivered) for one in lives(8, 60)])
    some = {"services", "answer_time"}
    asked = Question(EVERYTHING.period, basis).selection
    among_all = tables(add_up(index, asked), basis, TARGETS)
    alone = tables(add_up(index, asked, some), basis, TARGETS, some)
    assert alone == {name: rows for name, rows in among_all.items() if name in some}
    assert "services" in alone


def test_the_order_of_the_cases_changes_no_figure() -> None:
    cases = [folded(one.intake + one.activity + one.delivered) for one in lives(7, 60)]
    assert figures(cases) == figures(cases[::-1])


def test_with_nothing_received_every_listed_row_is_there_and_zero() -> None:
    nothing = figures([])
    assert [row["reporter"] for row in nothing["received_by_reporter"]][-1] == "self"
    assert all(row["total"] == 0 for row in nothing["received_by_town"])
    assert nothing["received_to_routed"][-1]["share_within_target"] is None


def test_unknown_is_a_row_of_its_own_wherever_it_can_be_told() -> None:
    nothing = figures([])
    for name, column in (("age_group", "age_group"), ("minor", "minor"), ("town", "town"), ("gender", "gender")):
        assert "unknown" in [row[column] for row in nothing[f"received_by_{name}"]]


def test_a_term_of_a_newer_writer_is_a_row_and_a_column_of_its_own() -> None:
    case = folded(lives(1, 1)[0].intake)
    case = case | {"intake": case["intake"] | {"facts": case["intake"]["facts"] | {"reporter": "unrecognized"}}}
    rows = figures([case])["received_by_reporter"]
    assert rows[-1]["reporter"] == "unrecognized"
    assert rows[-1]["total"] == 1


def test_names_are_unique_and_every_word_of_a_declaration_is_said() -> None:
    told = [measure.describe() for measure in MEASURES]
    assert len({one["name"] for one in told}) == len(told)
    for one in told:
        assert all(one[key] for key in ("title", "definition", "numerator", "denominator", "unit", "source_events"))


def test_a_time_of_exactly_the_target_is_within_it_and_one_of_a_millisecond_more_is_not() -> None:
    target = TARGETS["notice_time"]["high"] // timedelta(milliseconds=1)
    notices = {str(ms): {"channel": "email", "urgency": "high", "attempts": 1, "after_ms": ms} for ms in (target, target + 1)}
    rows = figures([folded(lives(1, 1)[0].intake) | {"delivered": notices}])["notice_time"]
    high = next(row for row in rows if row["urgency"] == "high")
    assert (high["judged"], high["within_target"], high["share_within_target"]) == (2, 1, 0.5)


def test_every_target_belongs_to_a_time() -> None:
    timings = {measure.name for measure in MEASURES if isinstance(measure, Timing)}
    assert set(TARGETS) <= timings


def test_a_period_is_of_local_days_both_included() -> None:
    day = date(2026, 3, 8)  # clocks go forward
    period = Period(day, day, NEW_YORK)
    assert period.since is not None
    assert period.until is not None
    assert period.until.timestamp() - period.since.timestamp() == timedelta(hours=23).total_seconds()
    assert period.since.isoformat() == "2026-03-08T00:00:00-05:00"


def test_a_period_may_be_open_on_either_side() -> None:
    assert (Period(None, None, NEW_YORK).since, Period(None, None, NEW_YORK).until) == (None, None)
