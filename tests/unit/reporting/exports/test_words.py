"""Codes and figures as people read them."""

from __future__ import annotations

import pytest

from services.reporting.exports.words import figure, term
from services.reporting.figures.facets import FACETS


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("labor", "Labor"),
        ("east-hartford-pd", "East Hartford PD"),
        ("south_windsor", "South Windsor"),
        ("from_15_to_17", "15 to 17"),
        ("from_55", "55 and older"),
        ("ht", "Haitian Creole"),
        ("und", "Not known"),
        ("not_a_victim", "Not a victim"),
        ("hispanic_or_latino", "Hispanic or Latino"),
    ],
)
def test_a_code_is_told_in_words(code: str, words: str) -> None:
    assert term(code) == words


def test_no_two_terms_of_a_facet_have_the_same_words() -> None:
    for facet in FACETS.values():
        assert len({term(code) for code in facet.terms}) == len(facet.terms), facet.name


@pytest.mark.parametrize(
    ("value", "unit", "column", "shown"),
    [
        (1234, "referrals", "total", "1,234"),
        (None, "referrals", "total", "hidden"),
        (None, "seconds", "median", "–"),
        (0.345, "seconds", "share_within_target", "34%"),
        (90.0, "seconds", "median", "90.0 s"),
        (150.0, "seconds", "median", "2.5 min"),
        (9000, "seconds", "p90", "2.5 h"),
        (216_000, "seconds", "p90", "2.5 days"),
        (2500, "milliseconds", "median", "2.5 s"),
        (7, "seconds", "count", "7"),
    ],
)
def test_a_figure_is_told_in_its_largest_fitting_unit(value: float | None, unit: str, column: str, shown: str) -> None:
    assert figure(value, unit, column=column) == shown
