"""Which coded facts an agency is given. A pure step between a decision and an offer."""

from services.routing.rules.derived import has_newer_term
from shared.events.facts import Facts
from shared.vocabulary import UNRECOGNIZED, Channel, Reporter

_IDENTIFYING = (
    "race_ethnicity",
    "age_band",
    "gender",
    "language",
    "town_of_residence",
    "relationship_to_trafficker",
    "recruitment",
    "other_towns",
)
"""Facts that together could single out a provider's client: left out of a consult."""

_STAND_INS = {"reporter": Reporter.community_member, "channel": Channel.api}
"""For the two facts without a "not told": the term that promises least."""


def disclosed(facts: Facts, *, consult: bool, to_coordinator: bool) -> Facts:
    """The facts as this agency may see them, in terms of this version only.

    A consult leaves out what could identify the client. Who is excluded is for the coordinator alone: it may name the
    employer of a suspect.
    """
    changes: dict[str, object] = {field: _default(field) for field in _IDENTIFYING} if consult else {}
    if not to_coordinator and facts.excluded_agencies:
        changes["excluded_agencies"] = ()
    if has_newer_term(facts):
        changes = _known_terms(facts) | changes
    return facts.model_copy(update=changes) if changes else facts


def _known_terms(facts: Facts) -> dict[str, object]:
    """What to put in the place of terms that only a newer version knows: no writer may send them on."""
    changes: dict[str, object] = {}
    for field, value in facts.__dict__.items():
        if value == UNRECOGNIZED:
            changes[field] = _STAND_INS.get(field) or _default(field)
        elif type(value) is tuple and UNRECOGNIZED in value:
            changes[field] = tuple(term for term in value if term != UNRECOGNIZED)
    return changes


def _default(field: str) -> object:
    return Facts.model_fields[field].default
