"""What follows from the coded facts: the conclusions that rules may ask for beside the facts themselves.

Where a term is not known the careful side is taken: who may be a minor is treated as one, who may have no release has none.
"""

from operator import itemgetter

from shared.agencies import Agencies
from shared.events.facts import Facts
from shared.vocabulary import (
    UNRECOGNIZED,
    AgeBand,
    Language,
    Minor,
    PoliceConsent,
    Release,
    Reporter,
    Town,
    TraffickingType,
)

MEANING = {
    "possibly_minor": "under 18, or nobody knows: minor is not `no`, or the age band is under 18, or a child is missing",
    "reports_for_self": "the reporter is the person it is about",
    "adult_self": "reports_for_self, and not possibly_minor",
    "without_release": "somebody else reports and the client's release is not given",
    "consult_only": "without_release, neither possibly_minor nor immediate_danger: mandated reporting and rescue go first",
    "police_may_know": "not a consult, and where an adult reports for themself: with their consent or in immediate danger",
    "labor_involved": "the trafficking type is labor or both, or a form of labor exploitation is named",
    "several_towns": "two or more different towns of exploitation are named",
    "town_unknown": "nobody knows the town of exploitation",
    "outside_region": "a town of exploitation is named that no police department in agencies.yaml covers",
    "lives_outside": "the town of residence is named and no police department in agencies.yaml covers it",
    "agency_excluded": "an agency other than the coordinator has to be left out",
    "coordinator_excluded": "the reporter asked to leave out the coordinator",
    "needs_interpreter": "the preferred language is known and not English",
    "has_newer_term": "a fact holds a term that only a newer version knows",
}
"""Every conclusion and what it means. A rule's `when` may name these and any single fact."""

READS = (
    "minor",
    "age_band",
    "missing_child",
    "immediate_danger",
    "reporter",
    "release",
    "police_consent",
    "trafficking_type",
    "labor_exploitation",
    "town_of_exploitation",
    "other_towns",
    "town_of_residence",
    "excluded_agencies",
    "language",
)
"""The facts that conclusions are drawn from, but for `has_newer_term`, which looks at all."""

CHILDREN = frozenset({AgeBand.under_12, AgeBand.from_12_to_14, AgeBand.from_15_to_17})
_NOWHERE = frozenset({Town.unknown, Town.unrecognized})
_LABOR = frozenset({TraffickingType.labor, TraffickingType.both})
_NO_INTERPRETER = frozenset({Language.en, Language.und, Language.unrecognized})


def possibly_minor(facts: Facts) -> bool:
    """Whether the person is or may be under 18."""
    return facts.minor is not Minor.no or facts.age_band in CHILDREN or facts.missing_child


def towns_of_exploitation(facts: Facts) -> set[Town]:
    """The different towns named, `elsewhere` among them."""
    return {facts.town_of_exploitation, *facts.other_towns} - _NOWHERE


def derive(facts: Facts, agencies: Agencies) -> dict[str, bool]:
    """Every conclusion of MEANING, true or false."""
    minor, danger, by_self = possibly_minor(facts), facts.immediate_danger, facts.reporter is Reporter.self_
    without_release = not by_self and facts.release in (Release.not_given, Release.unrecognized)
    consult = without_release and not minor and not danger
    silent_self = by_self and not minor and not danger and facts.police_consent is not PoliceConsent.yes
    towns, home, excluded = towns_of_exploitation(facts), facts.town_of_residence, facts.excluded_agencies
    return {
        "possibly_minor": minor,
        "reports_for_self": by_self,
        "adult_self": by_self and not minor,
        "without_release": without_release,
        "consult_only": consult,
        "police_may_know": not consult and not silent_self,
        "labor_involved": facts.trafficking_type in _LABOR or bool(facts.labor_exploitation),
        "several_towns": len(towns) > 1,
        "town_unknown": facts.town_of_exploitation in _NOWHERE,
        "outside_region": any(agencies.police_of(town) is None for town in towns),
        "lives_outside": home not in _NOWHERE and agencies.police_of(home) is None,
        "agency_excluded": any(agency != agencies.coordinator for agency in excluded),
        "coordinator_excluded": agencies.coordinator in excluded,
        "needs_interpreter": facts.language not in _NO_INTERPRETER,
        "has_newer_term": has_newer_term(facts),
    }


_lists = itemgetter(*[name for name, field in Facts.model_fields.items() if field.default == ()])


def has_newer_term(facts: Facts) -> bool:
    """Whether any fact is `unrecognized`, or holds such a term."""
    known = facts.__dict__
    return UNRECOGNIZED in known.values() or any(UNRECOGNIZED in terms for terms in _lists(known) if terms)
