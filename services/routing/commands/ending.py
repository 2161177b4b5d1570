"""How people end a referral for everybody, and how it lives again. Pure. Each either happens or is refused."""

from services.routing.commands import forms as c
from services.routing.commands.refusal import Refusal
from services.routing.life import clocks
from services.routing.life.assignments import Passage
from services.routing.life.offers import ask, ask_coordinator, revoke
from services.routing.life.referral import ENDED
from services.routing.life.rerouting import NOBODY_LEFT
from services.routing.life.turn import Turn
from services.routing.rules.derived import possibly_minor
from services.routing.turns.routed import start_missing_clocks, tell_routed
from shared.events import routing as told
from shared.vocabulary import AssignmentStatus, ClosureReason, RevokeReason


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
    decision = turn.book.decide(turn.referral.facts)
    tell_routed(turn, start_missing_clocks(turn, decision, reopened=True))
    ask(turn, decision.offers)
    if not turn.open:
        ask_coordinator(turn, NOBODY_LEFT)
    return None


def _end(turn: Turn, passage: Passage, reason: RevokeReason) -> None:
    for agency in turn.open:
        revoke(turn, agency, reason)
    clocks.stop(turn)
    turn.pass_on(passage)
