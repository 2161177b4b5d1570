"""What intake tells: when a referral came in, and what is known of it by now. Pure."""

from typing import Any, Final

from services.reporting.cases.part import Part
from shared.events import intake
from shared.events.facts import Facts

_SEVERAL: Final = ("sex_exploitation", "labor_exploitation", "means_of_control", "recruitment")
"""Kept where anything was told, as most of them are empty."""


def received(part: Part, event: intake.ReferralReceived) -> Part:
    """When it came in, and what was told."""
    return {**part, "received": event.time, "facts": _facts(event.data.facts)}


def supplemented(part: Part, event: intake.ReferralSupplemented) -> Part:
    """The facts as they stand now: figures follow the latest knowledge."""
    return {**part, "facts": _facts(event.data.facts), "supplemented": part.get("supplemented", 0) + 1}


def withdrawn(part: Part, event: intake.ReferralWithdrawn) -> Part:
    """When and why the reporter took it back."""
    return {**part, "withdrawn": {"at": event.time, "reason": event.data.reason.value}}


def _facts(facts: Facts) -> dict[str, Any]:
    """The facts that a measure, a breakdown or an extract asks for."""
    return {
        "trafficking_type": facts.trafficking_type.value,
        "reporter": facts.reporter.value,
        "channel": facts.channel.value,
        "age_band": facts.age_band.value,
        "minor": facts.minor.value,
        "town": facts.town_of_exploitation.value,
        "gender": facts.gender.value,
        "race_ethnicity": [term.value for term in facts.race_ethnicity],
        "language": facts.language.value,
        "missing_child": facts.missing_child,
        "release": facts.release.value,
        "relationship_to_trafficker": facts.relationship_to_trafficker.value,
        **{name: [term.value for term in getattr(facts, name)] for name in _SEVERAL if getattr(facts, name)},
    }
