"""When a process that ended is started again."""

from hypothesis import given
from hypothesis import strategies as st

from deploy.embedded.restarts import FIRST_DELAY, LONGEST_DELAY, STABLE_AFTER, Restarts

SHORT = st.floats(0, STABLE_AFTER - 0.1)


def test_the_first_restart_comes_after_half_a_second() -> None:
    assert Restarts(started=0).delay(ended=1) == FIRST_DELAY


@given(lives=st.lists(SHORT, min_size=1, max_size=30))
def test_the_delay_grows_with_each_short_life_up_to_a_limit(lives: list[float]) -> None:
    now, restarts, delays = 0.0, Restarts(started=0), []
    for life in lives:
        now += life
        delays.append(restarts.delay(now))
        restarts = restarts.again(now, now)
    assert delays == sorted(delays)
    assert max(delays) <= LONGEST_DELAY


@given(short_lives=st.integers(0, 30), life=st.floats(STABLE_AFTER, 1e6))
def test_a_stable_life_forgets_the_failures_before_it(short_lives: int, life: float) -> None:
    restarts = Restarts(started=0)
    for _ in range(short_lives):
        restarts = restarts.again(0, 0)
    assert restarts.delay(life) == FIRST_DELAY


@given(ends=st.integers(0, 30))
def test_every_restart_is_counted(ends: int) -> None:
    restarts = Restarts(started=0)
    for end in range(ends):
        restarts = restarts.again(end * 1000, end * 1000)
    assert restarts.count == ends
