"""What the figures of `neighbours` say of two kinds of spells."""

from __future__ import annotations

from benchmarks.neighbours import Spell, figures


def spells(*seconds: float) -> list[Spell]:
    return [{"offer": list(seconds), "effect": list(seconds)}]


def test_a_third_agency_that_notices_nothing_meets_the_goal_and_one_that_waits_misses_it() -> None:
    found = {figure.name: figure for figure in figures(spells(0.1, 0.1), spells(0.1, 0.11))}
    assert found["offer p99, beside the two / alone"].verdict == "met"
    found = {figure.name: figure for figure in figures(spells(0.1, 0.1), spells(0.1, 0.13))}
    assert found["offer p99, beside the two / alone"].verdict == "missed"


def test_an_offer_that_never_came_counts_as_endless() -> None:
    found = {figure.name: figure for figure in figures(spells(0.1), spells(0.1, float("inf")))}
    assert found["offer p99, beside the two"].value == float("inf")
