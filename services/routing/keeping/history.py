"""What happened to a referral, as it is kept beside it: one entry a change, in codes, with who did it. Pure.

`{version, at, by: {agency, role, subject}, status, did: [{type, ...}]}`. `did` are the events of the change without the facts:
`clocks` and `answer_by` in them are the clocks that began, and until when.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.routing.commands.authorization import Actor, sees
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided
from shared.events.envelope import Event
from shared.events.routing import ClockData
from shared.principal import Role

KEPT_WITH_THE_REFERRAL = 100
"""Entries beyond these move to a collection of their own, so that a document stays small."""


class By(NamedTuple):
    """Who or what caused a change. `role`: one of principal.Role, or system (an agency's own), intake, clock."""

    role: str
    agency: str | None = None
    subject: str | None = None


INTAKE = By("intake")
CLOCK = By("clock")


def system_of(agency: str) -> By:
    """The agency's own system, which wrote to its topic."""
    return By("system", agency)


def person(actor: Actor) -> By:
    """Somebody at the desk."""
    return By(actor.role.value, actor.agency, actor.subject)


_SHORT: dict[type[Event], str] = {}
_LEFT_OUT = frozenset({"facts"})


def short_name(kind: type[Event]) -> str:
    """`org.rhtrt.clock.missed.v1` is `clock.missed`."""
    if kind not in _SHORT:
        _SHORT[kind] = ".".join(kind.model_fields["type"].default.split(".")[2:4])
    return _SHORT[kind]


def entry(decided: Decided, version: int, by: By, at: datetime) -> dict[str, Any]:
    """The entry for a change that makes the referral's document `version`."""
    return {
        "version": version,
        "at": at,
        "by": {name: value for name, value in zip(By._fields, by, strict=True) if value},
        "status": decided.referral.status,
        "did": [_event(happening.event, happening.data.__dict__) for happening in decided.happened],
    }


def _event(kind: type[Event], data: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in data.items() if value is not None and name not in _LEFT_OUT}
    if clocks := told.pop("clocks", ()):
        told["clocks"] = [_clock(clock) for clock in clocks]
    return {"type": short_name(kind), **told}


def _clock(clock: ClockData) -> dict[str, Any]:
    return {name: value for name, value in clock.__dict__.items() if value is not None}


_COORDINATORS = frozenset({"referral.agency_excluded", "referral.overridden", "referral.duplicate_linked"})
"""What tells of an exclusion or of another referral is for the coordinator alone."""
_COORDINATORS_FIELDS = frozenset({"reasons", "rules_version", "to"})


def shown(entries: Iterable[Mapping[str, Any]], referral: Referral, reader: Actor) -> list[dict[str, Any]]:
    """The entries as the reader may see them: an agency's people see their own part, and those of agencies that share it.

    Who acted is told by role and agency; the issuer's id of the person to the coordinator alone.
    """
    if reader.role is Role.coordinator:
        return [dict(one) for one in entries]
    parties = {agency for agency in referral.assignments if sees(agency, referral)}
    found = [_for_parties(one, parties) for one in entries]
    return [one for one in found if one["did"]]


def _for_parties(one: Mapping[str, Any], parties: set[str]) -> dict[str, Any]:
    by = one["by"]
    known = by.get("agency") is None or by["agency"] in parties or by["role"] == Role.coordinator
    return {
        "version": one["version"],
        "at": one["at"],
        "by": {"role": by["role"]} | ({"agency": by["agency"]} if known and "agency" in by else {}),
        "status": one["status"],
        "did": [
            {name: value for name, value in event.items() if name not in _COORDINATORS_FIELDS}
            for event in one["did"]
            if event["type"] not in _COORDINATORS and event.get("agency", None) in {None, *parties}
        ],
    }
