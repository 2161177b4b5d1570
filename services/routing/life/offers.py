"""Asking agencies: each gets an assignment, an answer clock and an event with the facts it may see."""

from collections.abc import Iterable, Sequence

from services.routing.life import clocks
from services.routing.life.assignments import Step, after
from services.routing.life.disclosure import disclosed
from services.routing.life.referral import Assignment, Clock
from services.routing.life.turn import Turn
from services.routing.rules.decision import Offer
from shared.events.facts import Facts
from shared.events.routing import (
    AssignmentOffered,
    AssignmentRevoked,
    AssignmentUpdated,
    OfferedData,
    RevokedData,
    UpdatedData,
)
from shared.vocabulary import Added, AssignmentRole, AssignmentStatus, ClockKind, RevokeReason


def may_be_asked(turn: Turn, agency: str) -> bool:
    """Whether the agency is not barred, and was never asked or may be asked again."""
    before = turn.assignments.get(agency)
    return agency not in turn.referral.barred and (before is None or after(before.status, Step.offer_again) is not None)


def facts_for(turn: Turn, agency: str) -> Facts:
    """The facts as the agency may see them."""
    coordinator = turn.book.coordinator
    return disclosed(turn.referral.facts, consult=turn.referral.consult, to_coordinator=agency == coordinator)


def ask(turn: Turn, offers: Iterable[Offer]) -> None:
    """Offers the referral to every agency that may be asked; passes over the others."""
    for offer in offers:
        if may_be_asked(turn, offer.agency):
            offer_to(turn, offer)


def ask_coordinator(turn: Turn, reason: str) -> None:
    """Brings the referral to the coordinator, unless it is there."""
    ask(turn, [Offer(turn.book.coordinator, AssignmentRole.coordination, (reason,))])


def offer_to(turn: Turn, offer: Offer) -> None:
    """Makes the offer, whoever it is: the caller has asked whether it may be made."""
    heard = turn.assignments[offer.agency].heard if offer.agency in turn.assignments else ()
    turn.assignments[offer.agency] = Assignment(
        offer.agency, offer.role, AssignmentStatus.offered, turn.at, offer.reasons, heard=heard
    )
    clock = clocks.start(turn, ClockKind.answer, offer.agency)
    data = OfferedData(
        agency=offer.agency,
        role=offer.role,
        urgency=turn.referral.urgency,
        reasons=offer.reasons,
        answer_by=clock.due,
        facts=facts_for(turn, offer.agency),
    )
    turn.tell(AssignmentOffered, data, inbox=offer.agency, details=not turn.referral.consult)


def tell_updated(turn: Turn, agencies: Iterable[str], added: tuple[Added, ...] = (), *, hastened: Sequence[Clock] = ()) -> None:
    """Tells agencies the facts and the urgency as they stand, what the reporter `added`, and their own `hastened` clocks."""
    for agency in agencies:
        data = UpdatedData(
            agency=agency,
            facts=facts_for(turn, agency),
            urgency=turn.referral.urgency,
            added=added,
            clocks=clocks.all_told(clock for clock in hastened if clock.agency == agency),
        )
        turn.tell(AssignmentUpdated, data, inbox=agency, details=not turn.referral.consult)


def revoke(turn: Turn, agency: str, reason: RevokeReason) -> None:
    """Takes an open assignment back; the agency is told, and its access to the details ends."""
    revoked = turn.move(agency, Step.revoke)
    clocks.stop(turn, agency)
    turn.tell(AssignmentRevoked, RevokedData(agency=agency, role=revoked.role, reason=reason), inbox=agency)
