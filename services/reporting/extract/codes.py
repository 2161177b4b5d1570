"""The codes of a case that an extract may be made of, each under the name that config/htcds.yaml uses. Pure.

No referral id, no day, no agency but the one that decided the victim status, no free text: what is not here cannot be mapped.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from services.reporting.figures.counting import activity, races, urgency
from services.reporting.figures.measure import Case

Codes = tuple[str, ...]
Source = Callable[[Case], Iterable[str]]
MONTH: Final = "month_received"
RELEASED: Final = frozenset({"given", "not_needed"})


def may_leave(case: Case) -> bool:
    """Whether a record may go to a partner at all: nobody took it back, and no client's release is missing (or unknown)."""
    return "withdrawn" not in case["intake"] and case["intake"]["facts"].get("release") in RELEASED


def codes(case: Case, name: str, zone: ZoneInfo) -> Codes:
    """The case's codes under a name, without repeats; `month_received` is like 2026-01, local time."""
    if name == MONTH:
        return (f"{case['intake']['received'].astimezone(zone):%Y-%m}",)
    return tuple(dict.fromkeys(SOURCES[name](case)))


def _fact(name: str) -> Source:
    def of(case: Case) -> Iterable[str]:
        told = case["intake"]["facts"].get(name, [])
        return [told] if isinstance(told, str) else told

    return of


def _noted(part: str, field: str, **where: str) -> Source:
    """A field of what was noted, in its order: services, justice steps."""

    def of(case: Case) -> Iterable[str]:
        entries = activity(case).get(part, [])
        return [one[field] for one in entries if one[field] and all(one[name] == value for name, value in where.items())]

    return of


def _state(case: Case) -> Iterable[str]:
    """`active`, or how it stands otherwise."""
    closed = activity(case).get("closed")
    if closed:
        return ["transferred" if closed["reason"] == "transferred" else "closed"]
    return ["screened_out" if activity(case).get("screened_out") else "active"]


def _end(case: Case) -> Iterable[str]:
    """Why it was closed or screened out, where that stands."""
    ends = (activity(case).get(one) for one in ("closed", "screened_out"))
    return [end["reason"] for end in ends if end]


def _decided(field: str) -> Source:
    return lambda case: [activity(case)["victim"][field]] if "victim" in activity(case) else []


def _thriving(case: Case) -> Iterable[str]:
    """Like `90_safe_housing`, and `90_recorded` where anything was recorded at that day."""
    for day, told in sorted(activity(case).get("thriving", {}).items(), key=lambda one: int(one[0])):
        yield from (f"{day}_{term}" for term in ("recorded", *told["indicators"]))


SOURCES: Final[Mapping[str, Source]] = {
    **{
        name: _fact(name)
        for name in (
            "trafficking_type",
            "sex_exploitation",
            "labor_exploitation",
            "means_of_control",
            "recruitment",
            "relationship_to_trafficker",
            "gender",
            "age_band",
            "language",
            "reporter",
            "town",
        )
    },
    "race_ethnicity": lambda case: sorted(row[0] for row in races(case)),
    "urgency": lambda case: [urgency(case)],
    "state": _state,
    "end": _end,
    "victim_status": _decided("status"),
    "victim_status_decided_by": _decided("by"),
    "services_provided": _noted("services", "service", status="provided"),
    "services_unavailable": _noted("services", "service", status="unavailable"),
    "justice_steps": _noted("justice", "step"),
    "charges": _noted("justice", "charge"),
    "dispositions": _noted("justice", "disposition"),
    "thriving": _thriving,
}
"""Besides `month_received`, which needs to know where days begin."""
NAMES: Final = (MONTH, *SOURCES)
