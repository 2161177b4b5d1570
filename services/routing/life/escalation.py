"""Telling the next level."""

from collections.abc import Sequence

from services.routing.life.clocks import RESPONSIBLE
from services.routing.life.referral import Assignment, Clock
from services.routing.life.turn import Turn
from shared.events.routing import EscalatedData, ReferralEscalated
from shared.vocabulary import ClockKind, EscalationLevel


def escalate_to_supervisor(turn: Turn, agency: str, clock: ClockKind, reasons: Sequence[str]) -> None:
    """The agency's own supervisor has to know that it did not answer."""
    _escalate(turn, EscalationLevel.supervisor, agency, clock, reasons)


def escalate_to_coordinator(
    turn: Turn, reasons: Sequence[str], *, agency: str | None = None, clock: ClockKind | None = None
) -> None:
    """The coordinator has to know. `agency`: whom it is about, where it is about one."""
    _escalate(turn, EscalationLevel.coordinator, agency or turn.book.coordinator, clock, reasons)


def escalate_missed(turn: Turn, clock: Clock) -> None:
    """The next level by clocks.yaml has to know. The coordinator, where a supervisor's turn finds no agency with that part."""
    parts = [part for part in _responsible(turn, clock) if part.is_open and part.agency != turn.book.coordinator]
    if parts and turn.book.times.level(clock.kind, clock.missed) is EscalationLevel.supervisor:
        for part in parts:
            escalate_to_supervisor(turn, part.agency, clock.kind, part.reasons)
    else:
        escalate_to_coordinator(turn, turn.referral.reasons, agency=clock.agency, clock=clock.kind)


def _responsible(turn: Turn, clock: Clock) -> list[Assignment]:
    if clock.agency:
        return [turn.assignments[clock.agency]]
    role = RESPONSIBLE.get(clock.kind)
    return [part for part in turn.assignments.values() if part.role is role]


def _escalate(turn: Turn, level: EscalationLevel, agency: str, clock: ClockKind | None, reasons: Sequence[str]) -> None:
    urgency = turn.referral.urgency
    data = EscalatedData(level=level, clock=clock, agency=agency, urgency=urgency, reasons=tuple(reasons))
    turn.tell(ReferralEscalated, data)
