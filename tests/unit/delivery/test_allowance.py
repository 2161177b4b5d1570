"""A topic is read as fast as it is allowed, and the others do not notice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.delivery.allowance import Allowance

BURST, RATE = 100, 20
reads = st.lists(st.tuples(st.floats(0, 10), st.integers(1, 50)), max_size=60)


@given(reads)
def test_however_it_is_asked_no_more_is_read_than_the_burst_the_rate_and_one_batch(pauses: list[tuple[float, int]]) -> None:
    allowance, now, read = Allowance(RATE, BURST), 0.0, 0
    for pause, batch in pauses:
        now += pause
        if allowance.left("flood", now) >= 1:
            allowance.take("flood", batch, now)
            read += batch
    assert read <= BURST + RATE * now + 50


@given(reads)
def test_another_topic_is_not_charged(pauses: list[tuple[float, int]]) -> None:
    allowance = Allowance(RATE, BURST)
    for at, batch in pauses:
        allowance.take("flood", batch, at)
    assert allowance.left("quiet", 600) == BURST


@given(st.integers(1, 5_000))
def test_after_its_rest_a_topic_may_be_read_again_and_not_before(owed: int) -> None:
    allowance = Allowance(RATE, BURST)
    allowance.take("flood", BURST + owed, 0)
    rest = allowance.rest(["flood"], 0)
    assert rest > 0
    assert allowance.left("flood", rest * 0.99) < 1 <= allowance.left("flood", rest * 1.001)
    assert allowance.rest(["flood", "quiet"], 0) == 0
