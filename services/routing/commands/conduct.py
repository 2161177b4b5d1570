"""What a command does to a referral, or why it does nothing. Pure.

What an agency may also say on its topic goes the same way as if it had come from there.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.routing.commands import ending, exclusion, mandated_reports, parts, urgency
from services.routing.commands import forms as c
from services.routing.commands.authorization import Actor
from services.routing.commands.refusal import Refusal
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from services.routing.turns.answers import answer
from shared.events import agency as told
from shared.events import outcomes
from shared.events.facts import Frozen
from shared.principal import Role
from shared.vocabulary import Rejection

_AS_ON_THE_TOPIC: dict[type[c.Command], tuple[type[Any], type[Frozen]]] = {
    c.Accept: (told.AgencyAccepted, told.NothingMore),
    c.Decline: (told.AgencyDeclined, told.DeclineData),
    c.Progressed: (told.AgencyProgressed, told.ProgressData),
    c.Complete: (told.AgencyCompleted, told.CompleteData),
    c.RecordService: (told.AgencyRecordedService, outcomes.ServiceOutcome),
    c.RecordJustice: (told.AgencyRecordedJustice, outcomes.JusticeOutcome),
    c.RecordThriving: (told.AgencyRecordedThriving, outcomes.ThrivingOutcome),
    c.AssessVictim: (told.AgencyAssessedVictim, outcomes.VictimAssessment),
}
_REJECTIONS = {
    Rejection.not_assigned: Refusal.no_part,
    Rejection.not_open: Refusal.not_open,
    Rejection.not_allowed_now: Refusal.not_allowed_now,
}


class Order(NamedTuple):
    """Who wants what. `id` is the same however often the same order is sent."""

    actor: Actor
    command: c.Command
    id: UUID


def conduct(
    referral: Referral, order: Order, book: RuleBook, now: datetime, *, other: Referral | None = None
) -> Decided | Refusal:
    """The effect of a command that may be given. `other` is the referral it links to, where it links."""
    if type(order.command) in _AS_ON_THE_TOPIC:
        return _as_on_the_topic(referral, order, book, now)
    turn = Turn(referral, now, book)
    if order.actor.role is Role.coordinator:
        turn.change(escalated=frozenset())
    refused = _carry_out(turn, order.actor.agency, order.command, other)
    return refused or turn.done()


def _as_on_the_topic(referral: Referral, order: Order, book: RuleBook, now: datetime) -> Decided | Refusal:
    agency = order.actor.agency
    kind, data = _AS_ON_THE_TOPIC[type(order.command)]
    told_data = data.model_validate(dict(order.command))
    event = kind(id=order.id, source=f"/agencies/{agency}", subject=referral.id, time=now, data=told_data)
    decided = answer(referral, agency, event, book, now)
    if isinstance(decided, Decided):
        return decided
    return _REJECTIONS[decided] if decided else Refusal.not_allowed_now


def _carry_out(turn: Turn, agency: str, command: c.Command, other: Referral | None) -> Refusal | None:  # noqa: PLR0911
    match command:
        case c.RecordOralReport() | c.RecordWrittenReport():
            return mandated_reports.record(turn, agency, command)
        case c.RaiseUrgency():
            return urgency.raise_urgency(turn, agency, command)
        case c.Reroute():
            return parts.hand_on(turn, command)
        case c.AddAgency():
            return parts.add_agency(turn, command)
        case c.RevokeAgency():
            return parts.revoke_agency(turn, command)
        case c.Override():
            return parts.override(turn, command)
        case c.Exclude():
            return exclusion.exclude(turn, command)
        case c.LinkDuplicate():
            return exclusion.link(turn, command, other)
        case c.Close():
            return ending.close(turn, command)
        case c.ScreenOut():
            return ending.screen_out(turn, command)
        case c.Reopen():
            return ending.reopen(turn, agency, command)
    raise AssertionError("a command without an effect")


def inherit(referral: Referral, linked: Referral, book: RuleBook, now: datetime) -> Decided | None:
    """Leaves out of a referral whoever has to be left out of the one that is linked to it; None where there is nobody."""
    turn = Turn(referral, now, book)
    exclusion.shut_out(turn, exclusion.exclusions(linked))
    decided = turn.done()
    return decided if decided.happened else None
