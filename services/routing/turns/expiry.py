"""What happens when clocks run out. Pure."""

from datetime import datetime

from services.routing.life import clocks
from services.routing.life.assignments import Step
from services.routing.life.closing import close_if_done
from services.routing.life.escalation import escalate_missed, escalate_to_supervisor
from services.routing.life.referral import Clock, Referral
from services.routing.life.rerouting import reroute
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from shared.events.routing import AssignmentData, AssignmentExpired, AssignmentReminded, ClockData, ClockMissed, RemindedData
from shared.vocabulary import ClockKind, RerouteReason


def run_out(referral: Referral, book: RuleBook, now: datetime) -> Decided | None:
    """The effect of every clock that has something to say, the longest overdue first; None where there is nothing to do.

    A reminder that an outage held up until the answer was overdue is not sent any more.
    """
    firing = sorted((clock for clock in referral.clocks if clock.fires <= now), key=lambda clock: clock.fires)
    turn = Turn(referral, now, book)
    clocks.watch_work(turn)
    if not firing and len(turn.clocks) == len(referral.clocks):
        return None
    for clock in firing:
        effect = _miss if clock.due <= now else _remind
        effect(turn, clock)
    close_if_done(turn)
    return turn.done()


def _remind(turn: Turn, clock: Clock) -> None:
    agency = clock.agency or ""
    turn.clocks[turn.clocks.index(clock)] = clock._replace(remind=None)
    asked, urgency = turn.assignments[agency], turn.referral.urgency
    data = RemindedData(agency=agency, role=asked.role, urgency=urgency, reasons=asked.reasons, answer_by=clock.due)
    turn.tell(AssignmentReminded, data, inbox=agency)


def _miss(turn: Turn, clock: Clock) -> None:
    if clock.missed == 0:
        turn.tell(ClockMissed, ClockData(clock=clock.kind, agency=clock.agency, due=clock.due))
    if clock.kind is ClockKind.answer and clock.agency != turn.book.coordinator:
        _expire(turn, clock)
    else:
        _tell_again(turn, clock)


def _expire(turn: Turn, clock: Clock) -> None:
    agency = clock.agency or ""
    turn.clocks.remove(clock)
    expired = turn.move(agency, Step.expire)
    turn.tell(AssignmentExpired, AssignmentData(agency=agency, role=expired.role), inbox=agency)
    escalate_to_supervisor(turn, agency, clock.kind, expired.reasons)
    reroute(turn, agency, RerouteReason.expired, clock.kind)


def _tell_again(turn: Turn, clock: Clock) -> None:
    """Somebody has to know, now and again until it happens."""
    again = turn.at + turn.book.times.repeat(clock.kind, turn.referral.urgency, clock.missed)
    turn.clocks[turn.clocks.index(clock)] = clock._replace(due=again, missed=clock.missed + 1, remind=None)
    escalate_missed(turn, clock)
