"""What figures can be narrowed down to and broken down by. Pure.

A facet's value in a case is one or more of its terms. All terms are closed, so an address or a filter can hold nothing else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from services.reporting.figures import counting
from services.reporting.figures.measure import TYPES, URGENCIES, Case
from shared.vocabulary import (
    UNRECOGNIZED,
    AgeBand,
    Channel,
    Gender,
    Language,
    Minor,
    RaceEthnicity,
    Reporter,
    Town,
    VictimStatus,
    Vocabulary,
)


@dataclass(frozen=True)
class Facet:
    """`terms` in the order of the vocabulary, what a newer writer may say at the end; `of` gives those of a case."""

    name: str
    title: str
    terms: tuple[str, ...]
    of: Callable[[Case], Iterable[str]]

    def bits(self, case: Case) -> int:
        """The case's terms as a bit set."""
        return sum(1 << self.terms.index(term) for term in set(self.of(case)))

    def wanted(self, terms: Iterable[str]) -> int:
        """A bit set that any of these terms meets. ValueError for a word that is no term."""
        return sum(1 << self.terms.index(term) for term in set(terms))


def _fact(name: str, title: str, field: str, vocabulary: type[Vocabulary]) -> Facet:
    return Facet(name, title, (*vocabulary.terms(), UNRECOGNIZED), lambda case: [case["intake"]["facts"][field]])


def _firsts(rows: counting.Rows) -> Callable[[Case], Iterable[str]]:
    return lambda case: [row[0] for row in rows(case)]


FACETS: Final[Mapping[str, Facet]] = {
    facet.name: facet
    for facet in (
        Facet("type", "Kind of trafficking", TYPES, _firsts(counting.fact("trafficking_type"))),
        _fact("reporter", "Who told", "reporter", Reporter),
        _fact("channel", "Channel", "channel", Channel),
        _fact("age_group", "Age group", "age_band", AgeBand),
        _fact("minor", "Under 18", "minor", Minor),
        _fact("gender", "Gender", "gender", Gender),
        Facet("race_ethnicity", "Race and ethnicity", (*RaceEthnicity.terms(), UNRECOGNIZED), _firsts(counting.races)),
        _fact("language", "Preferred language", "language", Language),
        _fact("town", "Town of exploitation", "town", Town),
        Facet("urgency", "Urgency", URGENCIES, _firsts(counting.urgencies)),
        Facet(
            "victim_status", "Victim status", (*VictimStatus.terms(), "not_assessed", UNRECOGNIZED), _firsts(counting.victim)
        ),
    )
}
EQUITY: Final = ("race_ethnicity", "gender", "age_group", "language")
"""What access and outcomes are compared by."""
