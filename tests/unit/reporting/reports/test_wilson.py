"""Shares of few people: their intervals are Wilson's, and of too few there is no share at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.reports.equity import FEWEST, share
from services.reporting.reports.wilson import interval

PUBLISHED = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}
"""R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3."""


@pytest.mark.parametrize("counts", PUBLISHED, ids=str)
def test_the_interval_is_the_one_that_was_published(counts: tuple[int, int]) -> None:
    assert interval(*counts) == PUBLISHED[counts]


@given(st.integers(1, 10_000), st.data())
def test_a_share_lies_in_its_interval_and_one_of_too_few_is_never_shown(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    told = share(part, whole)
    assert (told["count"], told["of"]) == (part, whole)
    if whole < FEWEST:
        assert (told["share"], told["low"], told["high"]) == (None, None, None)
    else:
        assert 0 <= told["low"] <= told["share"] <= told["high"] <= 1


@pytest.mark.parametrize("counts", [(0, 0), (2, 1), (-1, 3)])
def test_what_is_no_part_of_anything_has_no_share(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="part of at least one"):
        interval(*counts)
