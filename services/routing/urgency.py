"""Raising the urgency of a referral. Pure: it happens or is refused."""

from services.routing import clocks
from services.routing import commands as c
from services.routing.offers import tell_updated
from services.routing.referral import ENDED
from services.routing.refusal import Refusal
from services.routing.rules import MOST_URGENT_FIRST
from services.routing.turn import Turn
from shared.events import routing as told


def raise_urgency(turn: Turn, agency: str, command: c.RaiseUrgency) -> Refusal | None:
    """Answers still outstanding are due sooner, and everybody with a part is told."""
    if turn.referral.status in ENDED:
        return Refusal.ended
    if MOST_URGENT_FIRST.index(command.urgency) >= MOST_URGENT_FIRST.index(turn.referral.urgency):
        return Refusal.not_more_urgent
    turn.change(urgency=command.urgency)
    turn.tell(told.UrgencyRaised, told.UrgencyRaisedData(agency=agency, urgency=command.urgency, reason=command.reason))
    tell_updated(turn, turn.open, hastened=clocks.hasten(turn, command.urgency))
    return None
