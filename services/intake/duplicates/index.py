"""The blind index: digests of traits, under a secret that the database does not hold. Pure.

Equal traits have equal digests, and a digest tells nothing to whoever lacks the secret. It is still about a person, and is
destroyed with the details.
"""

from collections.abc import Mapping
from typing import Any

from services.intake.duplicates.traits import Kind, traits
from services.intake.seal import Seal
from shared.events.facts import Facts
from shared.vocabulary import AgeBand

_NO_AGE = (AgeBand.unknown, AgeBand.unrecognized)


def blinded(seal: Seal, fields: Mapping[str, Any], facts: Facts) -> dict[bytes, Kind]:
    """The digests of everything in the details by which the same person may be known again."""
    age = None if facts.age_band in _NO_AGE else facts.age_band.value
    return {seal.digest(f"trait-{trait.kind}", trait.value.encode()): trait.kind for trait in traits(fields, age)}
