"""How an age is told apart from a birth year, and what the facts become."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.triage import age_of, minor_of, triage
from shared.vocabulary import AgeBand, Channel, Minor, Reporter

YOUNGEST = {
    AgeBand.under_12: (0, 11),
    AgeBand.from_12_to_14: (12, 14),
    AgeBand.from_15_to_17: (15, 17),
    AgeBand.from_18_to_20: (18, 20),
    AgeBand.from_21_to_24: (21, 24),
    AgeBand.from_25_to_34: (25, 34),
    AgeBand.from_35_to_54: (35, 54),
    AgeBand.from_55: (55, 200),
}
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


def age_on(born: date, day: date) -> int:
    """Years completed. Someone born on 29 February completes one on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@given(born=days, lived=st.integers(0, 120 * 365))
def test_what_a_birth_year_tells_is_true_of_everyone_born_in_it(born: date, lived: int) -> None:
    today = born + timedelta(days=lived)
    age = age_on(born, today)
    band, minor = age_of(born.year, today.year)
    if band is not AgeBand.unknown:
        youngest, oldest = YOUNGEST[band]
        assert youngest <= age <= oldest
    assert minor is Minor.unknown or (minor is Minor.yes) == (age < 18)


@given(year=st.integers(1950, 2099), older=st.integers(0, 120))
def test_an_answer_is_unknown_only_where_the_year_straddles_a_border(year: int, older: int) -> None:
    band, minor = age_of(year - older, year)
    borders = {youngest for youngest, _ in YOUNGEST.values() if youngest}
    assert (band is AgeBand.unknown) == (older in borders)
    assert (minor is Minor.unknown) == (older == 18)


@pytest.mark.parametrize(
    ("birth_year", "band", "minor"),
    [
        (2026, AgeBand.under_12, Minor.yes),
        (2014, AgeBand.unknown, Minor.yes),
        (2009, AgeBand.from_15_to_17, Minor.yes),
        (2008, AgeBand.unknown, Minor.unknown),
        (2007, AgeBand.from_18_to_20, Minor.no),
        (2005, AgeBand.unknown, Minor.no),
        (1960, AgeBand.from_55, Minor.no),
    ],
)
def test_birth_years_seen_from_2026(birth_year: int, band: AgeBand, minor: Minor) -> None:
    assert age_of(birth_year, 2026) == (band, minor)


@pytest.mark.parametrize("band", [b for b in AgeBand if b not in (AgeBand.unknown, AgeBand.unrecognized)])
def test_a_band_tells_whether_it_is_one_of_minors(band: AgeBand) -> None:
    assert (minor_of(band) is Minor.yes) == (YOUNGEST[band][1] < 18)
    assert (minor_of(band) is Minor.no) == (YOUNGEST[band][0] >= 18)


TOLD = {"reporter": Reporter.school, "channel": Channel.api}


def test_facts_from_a_birth_year_hold_band_and_minority_and_not_the_year() -> None:
    facts = triage(TOLD | {"birth_year": 2012}, 2026)
    assert (facts.age_band, facts.minor) == (AgeBand.from_12_to_14, Minor.yes)
    assert "birth_year" not in facts.model_dump()


def test_minority_follows_from_the_band_where_only_the_band_is_told() -> None:
    assert triage(TOLD | {"age_band": AgeBand.from_21_to_24}, 2026).minor is Minor.no
    assert triage(TOLD | {"age_band": AgeBand.under_12, "birth_year": None}, 2026).minor is Minor.yes


def test_minority_stands_as_told_where_the_band_is_not_known() -> None:
    assert triage(TOLD | {"minor": Minor.yes}, 2026).minor is Minor.yes
    assert triage(TOLD, 2026).minor is Minor.unknown
