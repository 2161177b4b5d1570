"""What the tests of routing start from: the shipped rules, a moment, and short ways to decide and to answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from services.routing.commands import forms as c
from services.routing.commands.catalogue import NAMES
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided
from services.routing.rules.book import RuleBook, load_rule_book
from services.routing.rules.decision import Decision, decide
from services.routing.turns.answers import answer as decide_answer
from services.routing.turns.intake import take
from shared.agencies import load_agencies
from shared.events import agency as told
from shared.events.facts import Facts
from shared.events.intake import ReferralReceived
from shared.events.routing import AssignmentOffered, ClockData, ClockStarted
from shared.testing import builders
from shared.testing.strategies import events, models
from shared.vocabulary import ClockKind, OverrideReason, Rejection

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CONFIG = Path("config")
ALL_AGENCIES = load_agencies(CONFIG).ids


@cache
def book() -> RuleBook:
    """The rules as shipped."""
    return load_rule_book(CONFIG)


def adult(**told_: Any) -> dict[str, Any]:
    """Facts of an adult in Hartford, reported by somebody else."""
    return {"minor": "no", "reporter": "community_member", "channel": "web", "town_of_exploitation": "hartford"} | told_


def child(**told_: Any) -> dict[str, Any]:
    """Facts of a child in Hartford."""
    return adult(minor="yes", reporter="school") | told_


def decision(**told_: Any) -> Decision:
    """What the shipped rules decide."""
    return decide(builders.facts(**told_), book().rules, book().agencies)


def roles(decided: Decision) -> dict[str, str]:
    """Agency to role."""
    return {offer.agency: offer.role.value for offer in decided.offers}


def routed(at: datetime = AT, **told_: Any) -> Decided:
    """A referral just routed."""
    decided = take(None, builders.received(**told_), book(), at)
    assert decided is not None
    return decided


def supplement(referral: Referral, at: datetime = AT + timedelta(minutes=1), **told_: Any) -> Decided:
    decided = take(referral, builders.supplemented(sequence=referral.taken + 1, **told_), book(), at)
    assert decided is not None
    return decided


def withdraw(referral: Referral, at: datetime = AT + timedelta(minutes=1)) -> Decided:
    decided = take(referral, builders.withdrawn(sequence=referral.taken + 1), book(), at)
    assert decided is not None
    return decided


class Answers:
    """Agencies' events, each with an id of its own."""

    def __init__(self) -> None:
        self._number = 0

    def __call__(
        self, referral: Referral, agency: str, kind: type[Any], at: datetime = AT + timedelta(minutes=2), **data: Any
    ) -> Decided | Rejection | None:
        self._number += 1
        event = builders.answer(kind, agency, referral.id, number=self._number, **data)
        return decide_answer(referral, agency, event, book(), at)

    def all(self, decided: Decided, *steps: tuple[str, type[Any], dict[str, Any]]) -> Decided:
        """One after the other, each allowed; the last decision."""
        for agency, kind, data in steps:
            result = self(decided.referral, agency, kind, **data)
            assert isinstance(result, Decided), f"{kind.__name__} of {agency}: {result}"
            decided = result
        return decided


def accept(agency: str) -> tuple[str, type[Any], dict[str, Any]]:
    return agency, told.AgencyAccepted, {}


def decline(agency: str, reason: str = "no_capacity") -> tuple[str, type[Any], dict[str, Any]]:
    return agency, told.AgencyDeclined, {"reason": reason}


def complete(agency: str, reason: str = "goals_met") -> tuple[str, type[Any], dict[str, Any]]:
    return agency, told.AgencyCompleted, {"reason": reason}


def progress(agency: str, what: str) -> tuple[str, type[Any], dict[str, Any]]:
    return agency, told.AgencyProgressed, {"progress": what}


def names(decided: Decided) -> list[str]:
    """What happened, by the names of the events' classes."""
    return [happening.event.__name__ for happening in decided.happened]


def happened(decided: Decided, name: str) -> list[Any]:
    """The data of every event of one class."""
    return [happening.data for happening in decided.happened if happening.event.__name__ == name]


def begun(decided: Decided) -> list[ClockData]:
    """The clocks that began, wherever it was told: an offer's answer, what an event names, and what is told by itself."""
    found: list[ClockData] = []
    for happening in decided.happened:
        data: Any = happening.data
        if happening.event is AssignmentOffered:
            found.append(ClockData(clock=ClockKind.answer, agency=data.agency, due=data.answer_by))
        elif happening.event is ClockStarted:
            found.append(data)
        found += getattr(data, "clocks", ())
    return found


ANY_FACTS: st.SearchStrategy[Facts] = st.builds(
    lambda event, excluded: event.data.facts.model_copy(update={"excluded_agencies": tuple(excluded)}),
    events(ReferralReceived),
    st.lists(st.sampled_from([*ALL_AGENCIES, "someone-else"]), max_size=3, unique=True),
)
"""Any facts, with agencies of the shipped configuration among the excluded."""


def answer_with(referral: Referral, agency: str, event: Any, at: datetime) -> Decided | Rejection | None:
    """Decides on an event made elsewhere, as if `agency` had sent it."""
    return decide_answer(referral, agency, event, book(), at)


KINDS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "accepted": (told.AgencyAccepted, {}),
    "declined": (told.AgencyDeclined, {"reason": "no_capacity"}),
    "progressed": (told.AgencyProgressed, {"progress": "work_started"}),
    "reported": (told.AgencyProgressed, {"progress": "oral_report_made"}),
    "service": (told.AgencyRecordedService, {"service": "medical", "status": "provided"}),
    "justice": (told.AgencyRecordedJustice, {"step": "arrest"}),
    "thriving": (told.AgencyRecordedThriving, {"day": 90, "indicators": ("income",)}),
    "assessed": (told.AgencyAssessedVictim, {"status": "confirmed"}),
    "completed": (told.AgencyCompleted, {"reason": "goals_met"}),
}
"""Every kind of event that an agency may send, by a short name, with data for one."""

_IDS = st.sampled_from(ALL_AGENCIES)
_WHY = st.sampled_from([OverrideReason(term) for term in OverrideReason.terms()])
_ROLES = models(c.Part).map(lambda part: part.role)
_PARTS = st.lists(st.builds(c.Part, agency=_IDS, role=_ROLES), min_size=1, max_size=4).map(tuple)
_NAMING: dict[type[Any], st.SearchStrategy[Any]] = {
    c.Reroute: st.builds(c.Reroute, agency=_IDS, to=st.lists(_IDS, max_size=2).map(tuple), reason=_WHY),
    c.Override: st.builds(c.Override, to=_PARTS, urgency=models(c.RaiseUrgency).map(lambda one: one.urgency), reason=_WHY),
}


def _any_command(kind: type[Any]) -> st.SearchStrategy[Any]:
    if kind in _NAMING:
        return _NAMING[kind]
    if "agency" not in kind.model_fields:
        return models(kind)
    return st.builds(lambda command, agency: command.model_copy(update={"agency": agency}), models(kind), _IDS)


ANY_COMMAND = st.one_of([_any_command(kind) for kind in NAMES.values()])
"""Any command of the desk, naming agencies of the shipped configuration."""

_MOVING = (c.Reroute, c.RevokeAgency, c.Exclude, c.AddAgency, c.Override, c.Close, c.ScreenOut, c.Reopen)
COORDINATORS_COMMAND = st.one_of([_any_command(kind) for kind in _MOVING])
"""A command that changes who has a referral, or whether anybody does."""
