"""However the records are, each one that is told is like k - 1 others; the rest is withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.extract.anonymity import NOTHING, Key, Ladder, Plan, nothing, plan

LADDERS: list[Ladder] = [
    (str, lambda number: f"{number // 4}-", lambda number: "low" if number < 8 else "high", nothing),
    (str, nothing),
    (str, lambda number: "even" if number % 2 == 0 else "odd", nothing),
]
KEYS = st.tuples(*(st.integers(0, 15) for _ in LADDERS))
RECORDS = st.lists(KEYS, max_size=60)


def planned(records: Sequence[Key], k: int, *, withhold: float = 0.0, floor: tuple[int, ...] = (0, 0, 0)) -> Plan:
    return plan(Counter(records), LADDERS, k, withhold, floor)


@given(RECORDS, st.integers(2, 12), st.floats(0, 0.9), st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 2)))
def test_every_record_that_is_told_is_like_at_least_k(records: list[Any], k: int, share: float, floor: Any) -> None:
    made = planned(records, k, withhold=share, floor=floor)
    told = [made.saying(key) for key in records]
    classes = Counter(one for one in told if one is not None)
    assert all(count >= k for count in classes.values())
    assert (made.records, made.withheld) == (classes.total(), told.count(None))
    assert made.records + made.withheld == len(records)
    assert all(level >= least for level, least in zip(made.levels, floor, strict=True))
    top = tuple(len(ladder) - 1 for ladder in LADDERS)
    assert made.withheld <= share * len(records) or made.levels == top


@given(RECORDS, st.randoms())
def test_the_order_of_the_records_changes_nothing(records: list[Any], rng: Any) -> None:
    shuffled = list(records)
    rng.shuffle(shuffled)
    assert planned(records, 5).levels == planned(shuffled, 5).levels


@given(RECORDS, RECORDS, st.integers(2, 6))
def test_taken_again_with_more_records_nothing_is_told_more_finely(records: list[Any], later: list[Any], k: int) -> None:
    """Else whoever lays two extracts side by side could narrow a record down."""
    first = planned(records, k)
    second = planned(records + later, k, floor=first.levels)
    assert all(now >= then for now, then in zip(second.levels, first.levels, strict=True))
    for key in records:
        if first.saying(key) == first.saying(records[0]) is not None:
            assert second.saying(key) == second.saying(records[0])


def test_fewer_than_k_are_never_told_at_all() -> None:
    made = planned([(1, 1, 1)] * 4, 5)
    assert made.saying((1, 1, 1)) is None
    assert (made.records, made.withheld) == (0, 4)


def test_what_is_common_already_stays_as_it_is() -> None:
    made = planned([(1, 1, 1)] * 5 + [(9, 2, 2)] * 6, 5)
    assert made.levels == (0, 0, 0)
    assert made.saying((9, 2, 2)) == ("9", "2", "2")


def test_the_ladder_is_climbed_where_that_helps_most_and_no_further() -> None:
    records = [(number, 7, 7) for number in range(4) for _ in range(2)]
    made = planned(records, 5)
    assert made.levels == (1, 0, 0)
    assert {made.saying(key) for key in records} == {("0-", "7", "7")}


def test_a_few_odd_ones_are_withheld_rather_than_blur_everybody() -> None:
    odd, records = (14, 9, 4), [(1, 1, 1)] * 19 + [(14, 9, 4)]
    assert planned(records, 5, withhold=0.05).saying(odd) is None
    assert planned(records, 5, withhold=0.05).saying((1, 1, 1)) == ("1", "1", "1")
    assert planned(records, 5, withhold=0.0).saying(odd) == (NOTHING, NOTHING, NOTHING)


@given(RECORDS, st.integers(2, 12), st.floats(0, 0.9))
def test_no_ladder_is_climbed_that_need_not_be(records: list[Any], k: int, share: float) -> None:
    made = planned(records, k, withhold=share)
    for place, level in enumerate(made.levels):
        if level and made.withheld <= share * len(records):
            lower = (*made.levels[:place], level - 1, *made.levels[place + 1 :])
            told = Counter(tuple(rungs[at](one) for rungs, at, one in zip(LADDERS, lower, key, strict=True)) for key in records)
            assert sum(count for count in told.values() if count < k) > share * len(records)
