"""What people decide about a referral in the rules' stead or after its end. Pure. Each either happens or is refused."""

from collections.abc import Mapping

from services.routing import clocks
from services.routing import commands as c
from services.routing.assignments import Passage, Step, after
from services.routing.closing import close_if_done
from services.routing.derived import possibly_minor
from services.routing.intake import start_missing_clocks, tell_routed
from services.routing.offers import ask, ask_coordinator, facts_for, offer_to, revoke
from services.routing.referral import ENDED, Referral
from services.routing.refusal import Refusal
from services.routing.rerouting import NOBODY_LEFT, fallback_offers
from services.routing.rules import MOST_URGENT_FIRST, Offer
from services.routing.turn import Turn
from shared.events import routing as told
from shared.events.facts import Facts
from shared.vocabulary import (
    AssignmentRole,
    AssignmentStatus,
    ClosureReason,
    ExclusionReason,
    RerouteReason,
    RevokeReason,
    Urgency,
)


def raise_urgency(turn: Turn, agency: str, command: c.RaiseUrgency) -> Refusal | None:
    """Answers still outstanding are due sooner, and everybody with a part is told."""
    if turn.referral.status in ENDED:
        return Refusal.ended
    if MOST_URGENT_FIRST.index(command.urgency) >= MOST_URGENT_FIRST.index(turn.referral.urgency):
        return Refusal.not_more_urgent
    turn.change(urgency=command.urgency)
    turn.tell(told.UrgencyRaised, told.UrgencyRaisedData(agency=agency, urgency=command.urgency, reason=command.reason))
    _tell_open(turn)
    clocks.hasten(turn, command.urgency)
    return None


def add_agency(turn: Turn, command: c.AddAgency) -> Refusal | None:
    """Asks one more, also one that had declined or not answered."""
    if turn.referral.status in ENDED:
        return Refusal.ended
    if refused := _unfit(turn, command.agency):
        return refused
    _step_down(turn, command.role)
    offer_to(turn, Offer(command.agency, command.role, (command.reason.value,)))
    return None


def revoke_agency(turn: Turn, command: c.RevokeAgency) -> Refusal | None:
    """Takes a part back. What is left over comes to the coordinator, or ends where others have completed."""
    if refused := _unmovable(turn, command.agency):
        return refused
    revoke(turn, command.agency, command.reason)
    close_if_done(turn)
    return None


def hand_on(turn: Turn, command: c.Reroute) -> Refusal | None:
    """Takes an agency's part back and asks others for it: those named, else the next by the rules' fallback."""
    if refused := _unmovable(turn, command.agency):
        return refused
    if len(set(command.to)) < len(command.to) or command.agency in command.to:
        return Refusal.named_twice
    if refused := next(filter(None, (_unfit(turn, agency) for agency in command.to)), None):
        return refused
    offers = _handed_to(turn, command) or fallback_offers(turn, command.agency)
    if not offers:
        return Refusal.nobody_left
    role = turn.assignments[command.agency].role
    revoke(turn, command.agency, RevokeReason.rerouted)
    to = tuple(one.agency for one in offers)
    data = told.ReroutedData(agency=command.agency, role=role, reason=RerouteReason.coordinator, to=to)
    turn.tell(told.AssignmentRerouted, data)
    for one in offers:
        offer_to(turn, one)
    return None


def override(turn: Turn, command: c.Override) -> Refusal | None:
    """Exactly those named have it from now on. A later supplement asks only whom the new facts call for besides."""
    named = {part.agency: part for part in command.to}
    if turn.referral.status in ENDED:
        return Refusal.ended
    if len(named) < len(command.to):
        return Refusal.named_twice
    if sum(part.role is AssignmentRole.lead for part in command.to) > 1:
        return Refusal.two_leads
    if any(agency in turn.referral.barred for agency in named):
        return Refusal.left_out
    before, urgency = turn.referral.urgency, command.urgency or turn.referral.urgency
    turn.change(overridden=True, urgency=urgency)
    turn.tell(told.ReferralOverridden, told.OverriddenData(urgency=urgency, to=tuple(named), reason=command.reason))
    leaving = [agency for agency in turn.open if agency not in named]
    for agency in leaving:
        revoke(turn, agency, RevokeReason.rerouted)
    for agency in turn.open:
        turn.note(agency, role=named[agency].role)
    for agency, part in named.items():
        if not _is_open(turn, agency):
            offer_to(turn, Offer(agency, part.role, (command.reason.value,)))
    if urgency is not before:
        _tell_open(turn)
        clocks.hasten(turn, urgency)
    return None


def exclude(turn: Turn, command: c.Exclude) -> Refusal | None:
    """Leaves an agency out for good; its part is taken back, and the coordinator decides how it goes on."""
    if command.agency == turn.book.coordinator:
        return Refusal.coordinator_stays
    if command.agency in turn.referral.excluded:
        return Refusal.left_out
    shut_out(turn, {command.agency: command.reason})
    return None


def exclusions(referral: Referral) -> dict[str, ExclusionReason]:
    """Every agency that has to be left out of it, by what the reporter asked or by what people decided."""
    asked = dict.fromkeys(referral.facts.excluded_agencies, ExclusionReason.asked_by_the_reporter)
    return {**asked, **referral.excluded}


def shut_out(turn: Turn, agencies: Mapping[str, ExclusionReason]) -> None:
    """Leaves out whoever is not left out yet. The coordinator stays, as in the rules."""
    for agency, reason in agencies.items():
        if agency != turn.book.coordinator and agency not in exclusions(turn.referral):
            _shut_out(turn, agency, reason)


def _shut_out(turn: Turn, agency: str, reason: ExclusionReason) -> None:
    turn.change(
        excluded={**turn.referral.excluded, agency: reason},
        barred={**turn.referral.barred, agency: RevokeReason.excluded},
    )
    turn.tell(told.AgencyExcluded, told.ExcludedData(agency=agency, reason=reason))
    if _is_open(turn, agency):
        revoke(turn, agency, RevokeReason.excluded)
        ask_coordinator(turn, reason.value)


def link(turn: Turn, command: c.LinkDuplicate, other: Referral | None) -> Refusal | None:
    """Says that it is probably the same case as `other`. Both live on, and no reporter is dropped.

    An agency that has to be left out of the one is left out of the other: it is the same suspect.
    """
    if other is None:
        return Refusal.no_such_referral
    if turn.referral.id in (other.id, other.duplicate_of) or turn.referral.duplicate_of == other.id:
        return Refusal.is_linked
    shut_out(turn, exclusions(other))
    turn.change(duplicate_of=command.duplicate_of)
    turn.tell(told.DuplicateLinked, told.DuplicateLinkedData(duplicate_of=command.duplicate_of))
    return None


def close(turn: Turn, command: c.Close) -> Refusal | None:
    """Ends it for everybody; mandated reports stay owed."""
    if turn.referral.status in ENDED:
        return Refusal.ended
    is_duplicate = command.reason is ClosureReason.duplicate
    _end(turn, Passage.close, RevokeReason.duplicate if is_duplicate else RevokeReason.closed)
    turn.tell(told.ReferralClosed, told.ClosedData(reason=command.reason))
    return None


def screen_out(turn: Turn, command: c.ScreenOut) -> Refusal | None:
    """Ends it as none for this taskforce: where a child or danger may be concerned, only once an agency has looked into it."""
    if turn.referral.status in ENDED:
        return Refusal.ended
    grave = turn.referral.facts.immediate_danger or possibly_minor(turn.referral.facts)
    if grave and not any(one.status is AssignmentStatus.completed for one in turn.assignments.values()):
        return Refusal.nobody_has_looked
    _end(turn, Passage.screen_out, RevokeReason.closed)
    turn.tell(told.ReferralScreenedOut, told.ScreenedOutData(reason=command.reason))
    return None


def reopen(turn: Turn, agency: str, command: c.Reopen) -> Refusal | None:
    """After an end: the rules say again who is asked, but for those who had declined or not answered."""
    if turn.referral.status not in ENDED:
        return Refusal.not_ended
    turn.pass_on(Passage.reopen)
    turn.tell(told.ReferralReopened, told.ReopenedData(agency=agency, reason=command.reason))
    tell_routed(turn)
    decision = turn.book.decide(turn.referral.facts)
    ask(turn, decision.offers)
    if not turn.open:
        ask_coordinator(turn, NOBODY_LEFT)
    start_missing_clocks(turn, decision, reopened=True)
    return None


def _end(turn: Turn, passage: Passage, reason: RevokeReason) -> None:
    for agency in turn.open:
        revoke(turn, agency, reason)
    clocks.stop(turn)
    turn.pass_on(passage)


def _is_open(turn: Turn, agency: str) -> bool:
    return agency in turn.assignments and turn.assignments[agency].is_open


def _unfit(turn: Turn, agency: str) -> Refusal | None:
    """Why a person may not ask this agency."""
    if agency in turn.referral.barred:
        return Refusal.left_out
    before = turn.assignments.get(agency)
    fits = before is None or after(before.status, Step.ask_again) is not None
    return None if fits else Refusal.has_a_part


def _unmovable(turn: Turn, agency: str) -> Refusal | None:
    """Why an agency's part cannot be taken back."""
    if agency == turn.book.coordinator:
        return Refusal.coordinator_stays
    if agency not in turn.assignments:
        return Refusal.no_part
    return None if _is_open(turn, agency) else Refusal.not_open


def _handed_to(turn: Turn, command: c.Reroute) -> list[Offer]:
    """The same role for those named; of several one leads."""
    role, coordinator = turn.assignments[command.agency].role, turn.book.coordinator
    others = AssignmentRole.support if role is AssignmentRole.lead else role
    return [
        Offer(
            agency,
            AssignmentRole.coordination if agency == coordinator else others if place else role,
            (command.reason.value,),
        )
        for place, agency in enumerate(command.to)
    ]


def _step_down(turn: Turn, coming: AssignmentRole) -> None:
    """There is one lead: who led supports where another is asked to."""
    if coming is AssignmentRole.lead:
        for agency in turn.open:
            if turn.assignments[agency].role is AssignmentRole.lead:
                turn.note(agency, role=AssignmentRole.support)


def _tell_open(turn: Turn) -> None:
    urgency: Urgency = turn.referral.urgency
    for agency in turn.open:
        facts: Facts = facts_for(turn, agency)
        data = told.UpdatedData(agency=agency, facts=facts, urgency=urgency)
        turn.tell(told.AssignmentUpdated, data, inbox=agency, details=not turn.referral.consult)
