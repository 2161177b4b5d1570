"""From what was told to the coded facts that rules look at. Pure: no clock, no client library."""

from collections.abc import Mapping
from typing import Any

from shared.events.facts import Facts
from shared.vocabulary import AgeBand, Minor

ADULT_FROM = 18
"""Years of age. Connecticut General Statutes 1-1d; for trafficking, 22 U.S.C. 7102(11)."""

_BANDS = (
    (0, AgeBand.under_12),
    (12, AgeBand.from_12_to_14),
    (15, AgeBand.from_15_to_17),
    (18, AgeBand.from_18_to_20),
    (21, AgeBand.from_21_to_24),
    (25, AgeBand.from_25_to_34),
    (35, AgeBand.from_35_to_54),
    (55, AgeBand.from_55),
)
"""The youngest age in each band, in years."""

_CHILDREN = {AgeBand.under_12, AgeBand.from_12_to_14, AgeBand.from_15_to_17}


def age_of(birth_year: int, year: int) -> tuple[AgeBand, Minor]:
    """Band and minority in `year` of someone born in `birth_year`.

    The birthday is not known, so two ages are possible; where they differ in the answer, the answer is `unknown`.
    """
    older = year - birth_year
    younger = max(0, older - 1)
    band = _band(younger) if _band(younger) is _band(older) else AgeBand.unknown
    minor = _minor(younger) if _minor(younger) is _minor(older) else Minor.unknown
    return band, minor


def minor_of(band: AgeBand) -> Minor:
    """Whether a band is one of minors; unknown where the band is."""
    if band in (AgeBand.unknown, AgeBand.unrecognized):
        return Minor.unknown
    return Minor.yes if band in _CHILDREN else Minor.no


def triage(told: Mapping[str, Any], year: int) -> Facts:
    """The facts to route by. `told`: the fields of Facts by name, or `birth_year` in place of band and minor."""
    known = {name: value for name, value in told.items() if name != "birth_year"}
    birth_year = told.get("birth_year")
    if birth_year is not None:
        band, minor = age_of(birth_year, year)
        return Facts(**known | {"age_band": band, "minor": minor})
    facts = Facts(**known)
    follows = minor_of(facts.age_band)
    return facts if follows is Minor.unknown else facts.model_copy(update={"minor": follows})


def _band(age: int) -> AgeBand:
    return next(band for youngest, band in reversed(_BANDS) if age >= youngest)


def _minor(age: int) -> Minor:
    return Minor.yes if age < ADULT_FROM else Minor.no
