"""What people decide about who has a part, in the rules' stead. Pure. Each either happens or is refused."""

from services.routing.commands import forms as c
from services.routing.commands.refusal import Refusal
from services.routing.life import clocks
from services.routing.life.assignments import Step, after
from services.routing.life.closing import close_if_done
from services.routing.life.offers import offer_to, revoke, tell_updated
from services.routing.life.referral import ENDED
from services.routing.life.rerouting import fallback_offers
from services.routing.life.turn import Turn
from services.routing.rules.decision import Offer
from shared.events import routing as told
from shared.vocabulary import AssignmentRole, RerouteReason, RevokeReason


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
        if agency not in turn.open:
            offer_to(turn, Offer(agency, part.role, (command.reason.value,)))
    if urgency is not before:
        tell_updated(turn, turn.open, hastened=clocks.hasten(turn, urgency))
    return None


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
    return None if agency in turn.open else Refusal.not_open


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
