"""A throng slows sends down, and turns nobody away."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.pages.page_state import begin
from services.intake.pages.question import Way
from services.intake.pages.throng import PACES, REMEMBERED, Crowd, Throng
from services.intake.pages.turn_to_send import PATIENCE, Puzzles, has_waited
from services.intake.seal import Seal
from tests.unit.intake.pages.walk import solved

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
PUZZLES = Puzzles(Seal(b"only for tests, never for people 0123456789"))


def test_one_visitor_gets_a_burst_and_then_a_steady_pace() -> None:
    throng, pace = Throng(), PACES[Crowd.visitor]
    sends = [throng.crowded(f"form {number}", "192.0.2.1", AT) for number in range(pace.burst + 1)]
    assert sends == [None] * pace.burst + [Crowd.visitor]
    assert throng.crowded("later", "192.0.2.1", AT + timedelta(seconds=pace.seconds)) is None


def test_one_form_sent_over_and_over_is_slowed_alone() -> None:
    throng = Throng()
    sends = [throng.crowded("same", f"192.0.2.{number}", AT) for number in range(PACES[Crowd.form].burst + 1)]
    assert sends[-1] is Crowd.form
    assert throng.crowded("other", "192.0.2.200", AT) is None


def test_many_visitors_are_slowed_together() -> None:
    throng = Throng()
    sends = [throng.crowded(f"form {number}", f"host {number}", AT) for number in range(1_000)]
    assert sends.count(None) == PACES[Crowd.system].burst
    assert set(sends) == {None, Crowd.system}


@given(st.lists(st.floats(0, 600), min_size=1, max_size=200))
def test_no_more_is_taken_than_the_burst_and_the_pace(times: list[float]) -> None:
    throng, pace = Throng(), PACES[Crowd.visitor]
    taken = [at for n, at in enumerate(sorted(times)) if not throng.crowded(f"{n}", "x", AT + timedelta(seconds=at))]
    assert len(taken) <= pace.burst + max(times) / pace.seconds + 1


def test_no_address_is_kept_and_the_next_day_knows_none_of_today() -> None:
    throng, pace = Throng(), PACES[Crowd.visitor]
    for number in range(pace.burst):
        throng.crowded(f"form {number}", "192.0.2.77", AT)
    assert "192.0.2.77" not in repr(vars(throng))
    assert throng.crowded("next", "192.0.2.77", AT + timedelta(days=1)) is None


def test_memory_is_bounded() -> None:
    throng = Throng()
    for number in range(REMEMBERED):
        throng.crowded(f"form {number}", f"host {number}", AT + timedelta(seconds=number))
    assert len(throng._full_again) <= REMEMBERED


def test_a_solved_puzzle_lets_its_own_form_through_and_no_other() -> None:
    mine, other = begin(Way.short, AT), begin(Way.short, AT)
    solution = solved(PUZZLES.puzzle(mine))
    assert PUZZLES.is_solved(solution, mine)
    assert not PUZZLES.is_solved(solution, other)


def sent(some: object) -> str:
    return base64.b64encode(json.dumps(some).encode()).decode()


parts = st.sampled_from(["algorithm", "challenge", "number", "salt", "signature"])
anything = st.recursive(st.none() | st.text() | st.integers(), st.lists) | st.dictionaries(parts, st.text() | st.integers())


@given(st.text() | anything.map(sent))
def test_what_is_no_solution_opens_nothing(solution: str) -> None:
    assert not PUZZLES.is_solved(solution, begin(Way.short, AT))


@pytest.mark.parametrize(("after", "may"), [(PATIENCE - timedelta(seconds=1), False), (PATIENCE, True)])
def test_patience_is_enough_without_script(after: timedelta, *, may: bool) -> None:
    state = begin(Way.short, AT)
    assert not has_waited(state, AT + after)
    asked = type(state)(state.way, state.key, state.begun, state.answers, asked=int(AT.timestamp()))
    assert has_waited(asked, AT + after) is may
