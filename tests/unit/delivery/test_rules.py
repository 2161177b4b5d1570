"""The pure rules of the delivery core."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.delivery.errors import Gap, Halted
from shared.delivery.halt import DeadShare
from shared.delivery.order import is_new


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_only_the_very_next_event_is_new_and_one_beyond_it_is_a_gap(applied: int, sequence: int) -> None:
    if sequence > applied + 1:
        with pytest.raises(Gap):
            is_new(applied, sequence)
        assert is_new(applied, sequence, accept_gap=True)
    else:
        assert is_new(applied, sequence) is (sequence == applied + 1)


def test_a_few_dead_letters_never_halt_however_large_their_share() -> None:
    share = DeadShare(window=100, least=10, share=0.5)
    share.add(dead=9, alive=0)
    with pytest.raises(Halted, match="10 of the last 10"):
        share.add(dead=1, alive=0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(6, 20)), max_size=60))
def test_a_dead_share_of_less_than_half_never_halts(batches: list[tuple[int, int]]) -> None:
    share = DeadShare(window=40, least=1, share=0.5)
    for dead, alive in batches:
        share.add(dead=dead, alive=alive)
    assert all(dead < alive for dead, alive in batches)
