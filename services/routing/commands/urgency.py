"""Raising the urgency of a referral. Pure: it happens or is refused."""

from services.routing.commands import forms as c
from services.routing.commands.refusal import Refusal
from services.routing.life import clocks
from services.routing.life.offers import tell_updated
from services.routing.life.referral import ENDED
from services.routing.life.turn import Turn
from services.routing.rules.decision import MOST_URGENT_FIRST
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
