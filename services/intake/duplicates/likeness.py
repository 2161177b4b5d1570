"""How likely two referrals tell of the same person, by what they share. Pure."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from services.intake.duplicates.traits import Kind

WEIGHTS: Mapping[Kind, float] = {
    Kind.email: 0.85,
    Kind.phone: 0.8,
    Kind.handle: 0.75,
    Kind.name_and_age: 0.75,
    Kind.like_name_and_age: 0.65,
    Kind.name: 0.55,
    Kind.like_name: 0.4,
    Kind.birth_date: 0.4,
    Kind.address: 0.4,
    Kind.suspect: 0.4,
}
"""How much each says by itself."""

_OF_THE_NAME = (Kind.name_and_age, Kind.like_name_and_age, Kind.name, Kind.like_name)
"""Ways to say the same thing: only the one that says most counts."""

LIKELY = 0.6
"""From here on people are told. It is a suggestion: a person looks, and links or does not."""


class Likeness(NamedTuple):
    """Another referral, how likely it is of the same person (0 to 1), and why."""

    referral: UUID
    score: float
    reasons: tuple[Kind, ...]


def likeness(referral: UUID, shared: Collection[Kind]) -> Likeness:
    """By the kinds of what is shared."""
    names = [kind for kind in _OF_THE_NAME if kind in shared]
    reasons = tuple(kind for kind in WEIGHTS if kind in shared and kind not in names[1:])
    doubt = 1.0
    for kind in reasons:
        doubt *= 1 - WEIGHTS[kind]
    return Likeness(referral, round(1 - doubt, 2), reasons)
