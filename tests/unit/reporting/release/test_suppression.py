"""No figure under the threshold can be worked out from what is shown."""

from __future__ import annotations

import pytest

from services.reporting.release.suppression import Exposed, Key, Linked, hidden, small
from tests.disclosure.attacker import Attacker, found_out
from tests.disclosure.tables_at_random import tables

COLUMN = Linked({"total": 40, "a": 3, "b": 17, "c": 20}, [("total", ["a", "b", "c"])])


def test_a_small_figure_is_hidden_and_a_second_one_so_that_it_cannot_be_subtracted() -> None:
    assert hidden(COLUMN, 11) == {"a", "b"}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden(COLUMN, 3) == frozenset()


def test_zero_is_shown() -> None:
    assert "a" not in hidden(Linked({"total": 20, "a": 0, "b": 20}, [("total", ["a", "b"])]), 11)


def test_two_small_figures_protect_each_other() -> None:
    assert hidden(Linked({"total": 30, "a": 3, "b": 7, "c": 20}, [("total", ["a", "b", "c"])]), 11) == {"a", "b"}


def test_a_small_figure_that_is_all_of_its_total_hides_the_total() -> None:
    assert hidden(Linked({"total": 3, "a": 3}, [("total", ["a"])]), 11) == {"total", "a"}


def test_what_cannot_exceed_another_is_hidden_where_the_other_would_give_it_away() -> None:
    """Served is 1 of 12 received: that it cannot be more than 12 gives nothing away, and it stays alone."""
    assert hidden(Linked({"received": 12, "served": 1}, at_most=[("served", "received")]), 11) == {"served"}


def test_a_figure_that_was_published_cannot_be_hidden_any_more_and_another_is_hidden_instead() -> None:
    linked = Linked(COLUMN.values, COLUMN.sums, public=frozenset({"b"}))
    assert hidden(linked, 11) == {"a", "c"}


def test_a_release_that_would_give_away_an_earlier_one_is_refused_by_name() -> None:
    linked = Linked(COLUMN.values, COLUMN.sums, public=frozenset({"total", "b", "c"}))
    with pytest.raises(Exposed) as refused:
        hidden(linked, 11)
    assert refused.value.keys == ["a"]


def test_what_was_hidden_before_stays_hidden() -> None:
    assert "c" in hidden(Linked(COLUMN.values, COLUMN.sums, withheld=frozenset({"c"})), 3)


def test_the_attacker_finds_out_what_was_hidden_alone() -> None:
    """If it did not, the tests below would prove nothing."""
    shown: dict[Key, int | None] = {"total": 40, "a": None, "b": 17, "c": 20}
    assert Attacker(shown, COLUMN.sums, []).can_be("a") == (3, 3)
    linked = tables(10)
    alone = frozenset(small(linked, 11))
    assert found_out(linked.values, alone, linked.sums, linked.at_most, 11)


@pytest.mark.parametrize("seed", range(25))
def test_no_small_figure_of_linked_tables_can_be_worked_out(seed: int) -> None:
    linked = tables(seed)
    chosen = hidden(linked, 11)
    assert found_out(linked.values, chosen, linked.sums, linked.at_most, 11) == set()
    assert set(small(linked, 11)) <= chosen
