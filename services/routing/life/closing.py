"""The end of a referral, drawn from the ends of its parts."""

from services.routing.life import clocks
from services.routing.life.assignments import Passage
from services.routing.life.offers import ask_coordinator
from services.routing.life.referral import ENDED
from services.routing.life.rerouting import NOBODY_LEFT
from services.routing.life.turn import Turn
from shared.events.routing import ClosedData, ReferralClosed
from shared.vocabulary import AssignmentStatus, ClosureReason


def close_if_done(turn: Turn) -> None:
    """Closes where nobody has anything left to do; hands to the coordinator where that is no end.

    It is an end where at least one agency completed its part and, in immediate danger, the coordinator did: such a referral
    is never closed by the others' answers alone.
    """
    if turn.open or turn.referral.status in ENDED:
        return
    reason = closing_reason(turn)
    coordinator = turn.assignments.get(turn.book.coordinator)
    in_the_coordinators_hands = coordinator is not None and coordinator.status is AssignmentStatus.completed
    if reason is None or (turn.referral.facts.immediate_danger and not in_the_coordinators_hands):
        ask_coordinator(turn, NOBODY_LEFT)
        return
    clocks.stop(turn)
    turn.pass_on(Passage.close)
    turn.tell(ReferralClosed, ClosedData(reason=reason))


def closing_reason(turn: Turn) -> ClosureReason | None:
    """`goals_met` where any agency met its goals, else what the last one to complete gave; None where nobody completed."""
    done = [a for a in turn.assignments.values() if a.status is AssignmentStatus.completed and a.completed]
    if any(assignment.completed is ClosureReason.goals_met for assignment in done):
        return ClosureReason.goals_met
    return max(done, key=lambda assignment: assignment.since).completed if done else None
