"""What shows that two referrals tell of the same person, however it is written, and what does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.alike import referrals
from benchmarks.duplicates import quality
from services.intake.duplicates.index import blinded
from services.intake.duplicates.likeness import LIKELY, likeness
from services.intake.duplicates.names import sound, tokens
from services.intake.duplicates.traits import Kind, traits
from services.intake.seal import Seal
from services.intake.vault.leaves import FIELDS
from shared.events.facts import Facts
from shared.vocabulary import AgeBand, Channel, Reporter, SharedTrait

NOBODY = UUID(int=0)


def shared(one: dict[str, Any], other: dict[str, Any], *, ages: tuple[str | None, str | None] = (None, None)) -> set[Kind]:
    return {trait.kind for trait in traits(one, ages[0]) & traits(other, ages[1])}


def test_a_reason_has_the_same_name_on_the_bus() -> None:
    assert [kind.value for kind in Kind] == SharedTrait.terms()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana López", "LOPEZ, Ana"),
        ("Liz Smith", "Elizabeth Smith"),
        ("José García", "Pepe Garcia"),
    ],
)
def test_a_name_is_the_same_in_any_order_with_or_without_accents_short_or_long(one: str, other: str) -> None:
    assert Kind.name in shared({"victim.names": [one]}, {"victim.names": [other]})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oksana Petrenko", "Oxana Petrenco"),
        ("Mohammed Hassan", "Muhammad Hasan"),
        ("Yusuf Kowalski", "Yousuf Kowalsky"),
        ("Jennifer Johnson", "Jenifer Johnnson"),
    ],
)
def test_a_name_that_is_spelled_otherwise_is_alike(one: str, other: str) -> None:
    found = shared({"victim.names": [one]}, {"victim.names": [other]}, ages=("15_to_17", "15_to_17"))
    assert found >= {Kind.like_name, Kind.like_name_and_age}
    assert Kind.name not in found


@pytest.mark.parametrize(("one", "other"), [("Ana", "Ana"), ("Ana Smith", "Ana Jones"), ("", "")])
def test_a_first_name_alone_or_another_surname_shows_nothing(one: str, other: str) -> None:
    assert shared({"victim.names": [one]}, {"victim.names": [other]}) == set()


def test_phones_mails_handles_and_streets_are_found_in_what_is_written() -> None:
    one = {
        "victim.phone": "(860) 555-0100",
        "victim.other": "ANA@example.org or @ana_x1",
        "victim.address": "12 Main Street",
    }
    other = {"suspect.whereabouts": "uses +1 860.555.0100, ana@example.org and @Ana_X1 at 12 main st., Hartford"}
    assert shared(one, other) == {Kind.phone, Kind.email, Kind.handle, Kind.address}


def test_what_belongs_to_the_reporter_shows_nothing() -> None:
    told = {"reporter.name": "Robin Example", "reporter.phone": "860-555-0100", "reporter.email": "r@example.org"}
    assert traits(told | {"narrative": "call me at 860-555-0100", "safe_contact": "860-555-0100"}, None) == frozenset()


@pytest.mark.parametrize(
    ("kinds", "likely"),
    [
        ({Kind.phone}, True),
        ({Kind.name_and_age, Kind.like_name_and_age, Kind.name, Kind.like_name}, True),
        ({Kind.like_name}, False),
        ({Kind.name, Kind.like_name}, False),
        ({Kind.like_name, Kind.address}, True),
        ({Kind.suspect}, False),
        ({Kind.suspect, Kind.address}, True),
        (set(), False),
    ],
)
def test_one_strong_trait_or_two_weak_ones_are_likely(kinds: set[Kind], likely: bool) -> None:
    assert (likeness(NOBODY, kinds).score >= LIKELY) is likely


@given(st.sets(st.sampled_from(list(Kind))), st.sampled_from(list(Kind)))
def test_more_that_is_shared_never_makes_it_less_likely(kinds: set[Kind], more: Kind) -> None:
    few, many = likeness(NOBODY, kinds), likeness(NOBODY, kinds | {more})
    assert 0 <= few.score <= many.score <= 1
    assert set(few.reasons) <= kinds


@given(st.text(max_size=60))
def test_any_name_can_be_read(name: str) -> None:
    assert all(tokens(" ".join(part)) for part in [tokens(name)] if part)
    assert all(isinstance(sound(part), str) for part in tokens(name))


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=80), max_size=6))
def test_any_details_can_be_searched_for_traits(told: dict[str, str]) -> None:
    for trait in traits(told, "15_to_17"):
        assert trait.value


def test_the_index_holds_digests_that_another_secret_does_not_give() -> None:
    facts = Facts(reporter=Reporter.family, channel=Channel.web, age_band=AgeBand.from_15_to_17)
    told = {"victim.names": ["Ana Example"], "victim.phone": "860-555-0100"}
    mine, others = (blinded(Seal(secret * 32), told, facts) for secret in (b"a", b"b"))
    assert set(mine.values()) == {Kind.phone, Kind.name, Kind.like_name, Kind.name_and_age, Kind.like_name_and_age}
    assert not mine.keys() & others.keys()
    assert all(len(digest) == 32 for digest in mine)


def test_most_pairs_are_found_and_most_of_what_is_found_is_right() -> None:
    precision, recall = quality(referrals(800, 200, seed=8))
    assert precision >= 0.95
    assert recall >= 0.8
