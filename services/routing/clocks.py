"""Clocks within a turn: started, met, stopped."""

from collections.abc import Iterable
from datetime import datetime

from services.routing.referral import Clock
from services.routing.turn import Turn
from shared.events.routing import ClockData, ClockMet, ClockStarted
from shared.vocabulary import AssignmentRole, ClockKind, Progress, Urgency

STATUTORY = frozenset({ClockKind.dcf_oral_report, ClockKind.dcf_written_report})
"""The mandated reports. They are owed whatever becomes of the referral, so that these clocks outlive its end."""

_MET_BY: dict[Progress, tuple[ClockKind, frozenset[AssignmentRole] | None]] = {
    Progress.victim_contacted: (
        ClockKind.advocate_contact,
        frozenset({AssignmentRole.advocate, AssignmentRole.coordination}),
    ),
    Progress.oral_report_made: (ClockKind.dcf_oral_report, None),
    Progress.written_report_filed: (ClockKind.dcf_written_report, None),
    Progress.response_begun: (
        ClockKind.dcf_begins,
        frozenset({AssignmentRole.child_protection, AssignmentRole.coordination}),
    ),
}
"""Which progress meets which clock, and whose it has to be (None: anybody's). The coordinator may act in another's stead."""

RESPONSIBLE: dict[ClockKind, AssignmentRole] = {
    ClockKind.advocate_contact: AssignmentRole.advocate,
    ClockKind.dcf_begins: AssignmentRole.child_protection,
}
"""Whose part a clock is. The others are nobody's alone."""


_ABLE = dict(_MET_BY.values())


def can_be_met_by(kind: ClockKind, roles: Iterable[AssignmentRole]) -> bool:
    """Whether agencies in these roles can do what the clock waits for."""
    able = _ABLE.get(kind)
    return able is None or not able.isdisjoint(roles)


def start(turn: Turn, kind: ClockKind, agency: str | None = None) -> Clock:
    """Starts a clock, by the urgency the referral has now."""
    due = turn.book.due(kind, turn.referral.urgency, agency, turn.at)
    clock = Clock(kind, agency, started=turn.at, due=due, remind=_reminder(turn, kind, turn.referral.urgency, due))
    turn.clocks.append(clock)
    return clock


def _reminder(turn: Turn, kind: ClockKind, urgency: Urgency, due: datetime) -> datetime | None:
    """When to remind of an answer: some time before it is due, unless that is past already."""
    at = due - turn.book.times.remind_before(urgency)
    return at if kind is ClockKind.answer and at > turn.at else None


def announce(turn: Turn, clock: Clock) -> None:
    """Tells that a clock runs."""
    turn.tell(ClockStarted, ClockData(clock=clock.kind, agency=clock.agency, due=clock.due))


def meet(turn: Turn, kind: ClockKind, agency: str | None = None) -> None:
    """What the clock waited for has happened; nothing where it does not run."""
    clock = turn.running(kind, agency)
    if clock is not None:
        turn.clocks.remove(clock)
        turn.tell(ClockMet, ClockData(clock=kind, agency=agency, due=clock.due))


def meet_by_progress(turn: Turn, progress: Progress, role: AssignmentRole) -> None:
    """Meets what this progress stands for. The written report is owed from the oral one on."""
    if progress not in _MET_BY:
        return
    kind, roles = _MET_BY[progress]
    if roles is None or role in roles:
        oral_was_owed = turn.running(ClockKind.dcf_oral_report) is not None
        meet(turn, kind)
        if progress is Progress.oral_report_made and oral_was_owed:
            announce(turn, start(turn, ClockKind.dcf_written_report))


def stop(turn: Turn, agency: str | None = None) -> None:
    """Stops an agency's clocks, or, without one, all but the mandated reports."""
    turn.clocks = [c for c in turn.clocks if (c.kind in STATUTORY if agency is None else c.agency != agency)]


def hasten(turn: Turn, urgency: Urgency) -> None:
    """After the urgency rose: answers still outstanding are due as if they had been asked for now, unless sooner already."""
    for place, clock in enumerate(turn.clocks):
        due = turn.book.due(clock.kind, urgency, clock.agency, turn.at)
        if clock.kind is ClockKind.answer and due < clock.due:
            turn.clocks[place] = clock._replace(due=due, remind=_reminder(turn, clock.kind, urgency, due))
            announce(turn, turn.clocks[place])
