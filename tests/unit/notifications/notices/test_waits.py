"""How long is waited: for a notice, and for the mail server as a whole."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.notices.waits import Reachability, next_wait


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def reachability(time: Time) -> Reachability:
    return Reachability("mail", longest=15, unready_after=3, first=0.5, monotonic=time)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (500, 300)])
def test_waits_double_up_to_the_longest(attempt: int, seconds: float) -> None:
    assert next_wait(attempt, 1, 300, chance=lambda: 0.0) == timedelta(seconds=seconds)


@given(attempt=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_chance_takes_at_most_half_of_a_wait(attempt: int, chance: float) -> None:
    full = next_wait(attempt, 1, 300, chance=lambda: 0.0)
    assert full / 2 <= next_wait(attempt, 1, 300, chance=lambda: chance) <= full


async def test_failures_of_all_connections_at_once_are_one_round() -> None:
    state = reachability(Time())
    for _ in range(8):
        state.failed()
    assert (state.rounds, state.pause) == (1, 0.5)
    assert await state.problem() is None


async def test_an_outage_is_reported_only_after_so_many_rounds_and_over_with_the_first_answer() -> None:
    time = Time()
    state = reachability(time)
    for _ in range(3):
        state.failed()
        time.now += state.pause
    assert await state.problem() == "mail is out of reach; notices wait"
    state.reached()
    assert await state.problem() is None
    assert state.pause == 0


def test_pauses_grow_up_to_the_longest() -> None:
    time = Time()
    state = reachability(time)
    pauses = []
    for _ in range(8):
        state.failed()
        pauses.append(state.pause)
        time.now += state.pause
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15, 15]
