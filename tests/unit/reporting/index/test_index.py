"""Cases as sets of their numbers."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from services.reporting.index.index import Index
from services.reporting.index.lengths import Lengths
from services.reporting.index.memberships import KINDS, memberships
from services.reporting.index.sums import Basis, add_up, chosen, counted_in
from services.reporting.reports.question import Question
from services.reporting.reports.tables import tables
from tests.figures import EVERYTHING, NEW_YORK, indexed
from tests.histories import lives
from tests.unit.reporting.cases.test_projections import folded

TIMES = st.lists(st.integers(0, 2**40), min_size=1, max_size=30)


def cases(seed: int, count: int) -> list[Any]:
    return [folded(one.intake + one.activity + one.delivered) for one in lives(seed, count)]


def lengths(times: list[int], each: int) -> Lengths:
    """Times of cases that have so many each."""
    bits: dict[int, dict[int, BitMap]] = {}
    found = Lengths(bits)
    for place, ms in enumerate(times):
        number, n = divmod(place, each)
        found.add(n, BitMap([number]))
        for bit in range(ms.bit_length()):
            if ms >> bit & 1:
                bits.setdefault(n, {}).setdefault(bit, BitMap()).add(number)
    return found


@given(TIMES, st.integers(1, 3), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_so_many_percent_do_not_exceed(
    times: list[int], each: int, percent: int
) -> None:
    fitting = [ms for ms in times if 100 * sum(other <= ms for other in times) >= percent * len(times)]
    assert lengths(times, each).percentile(percent) == min(fitting)


def test_of_no_times_there_is_no_percentile() -> None:
    assert Lengths({}).percentile(50) is None


@given(TIMES, st.integers(1, 3), st.integers(0, 2**41), st.booleans())
def test_times_up_to_a_target_are_counted_and_one_that_is_exactly_so_long_too(
    times: list[int], each: int, target: int, is_one: bool
) -> None:
    asked = times[target % len(times)] if is_one else target
    assert lengths(times, each).at_most(asked) == sum(ms <= asked for ms in times)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), order=st.randoms(use_true_random=False))
def test_a_case_that_changed_counts_as_it_is_now_and_in_nothing_that_it_has_left(seed: int, order: Random) -> None:
    told = lives(seed, 12)
    index = Index()
    for number, one in enumerate(told):
        for _ in range(order.randint(0, 3)):
            so_far = one.activity[: order.randint(0, len(one.activity))]
            index.put({number: memberships(folded(one.intake + so_far), NEW_YORK)})
    final = [folded(one.intake + one.activity + one.delivered) for one in told]
    index.put({number: memberships(case, NEW_YORK) for number, case in enumerate(final)})
    assert dict(index.every()) == dict(indexed(final).every())


@given(st.integers(0, 2**32), st.dates(date(2025, 12, 1), date(2026, 12, 31)), st.integers(0, 200))
@settings(max_examples=25, deadline=None)
def test_cases_received_between_two_days_are_those_received_between_them(seed: int, first: date, days: int) -> None:
    known, last = cases(seed, 40), first + timedelta(days=days)
    inside = [first <= case["intake"]["received"].astimezone(NEW_YORK).date() <= last for case in known]
    assert list(indexed(known).received(first, last)) == [number for number, found in enumerate(inside) if found]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), basis=st.sampled_from(Basis))
def test_the_cases_behind_a_figure_are_as_many_as_it_says(seed: int, basis: Basis) -> None:
    index = indexed(cases(seed, 30))
    asked = Question(EVERYTHING.period, basis, {"minor": frozenset({"yes", "unknown"})}).selection
    for kind, row in (("services", ("case_management", "provided")), ("funnel", ("accepted",)), ("closure", ("goals_met",))):
        behind = counted_in(index, asked, (kind, *row))
        assert behind <= chosen(index, asked)
        shown = [figure for figure in tables(add_up(index, asked), basis, {})[kind] if [*figure.values()][: len(row)] == [*row]]
        assert sum(figure["total"] for figure in shown) == len(behind)


def test_no_set_is_kept_that_nobody_is_in() -> None:
    one, other = cases(3, 2)
    index = indexed([one])
    index.put({0: memberships(other, NEW_YORK)})
    assert all(members for _, members in index.every())


def test_a_case_lies_in_each_set_once() -> None:
    places = [Counter(memberships(case, NEW_YORK)) for case in cases(5, 30)]
    assert {times for case in places for times in case.values()} == {1}
    assert {kind for case in places for kind, *_ in case} == {*KINDS}
