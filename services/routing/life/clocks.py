"""Clocks within a turn: started, met, stopped."""

from collections.abc import Iterable
from datetime import datetime

from services.routing.life.referral import Clock
from services.routing.life.turn import Turn
from shared.events.routing import ClockData, ClockMet, ClockStarted
from shared.vocabulary import AssignmentRole, AssignmentStatus, ClockKind, Progress, Urgency

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
"""Whose part a clock is, where it is not one agency's by name. The others are nobody's alone."""

WORK = (ClockKind.begin_work, ClockKind.report_work)
"""An agency that has taken its part owes a word of its work: the first one, then the next one. One of these always runs."""
_TAKEN = frozenset({AssignmentStatus.accepted, AssignmentStatus.in_progress})
_HASTENED = frozenset({ClockKind.answer, ClockKind.begin_work})

_ABLE = dict(_MET_BY.values())


def can_be_met_by(kind: ClockKind, roles: Iterable[AssignmentRole]) -> bool:
    """Whether agencies in these roles can do what the clock waits for."""
    able = _ABLE.get(kind)
    return able is None or not able.isdisjoint(roles)


def start(turn: Turn, kind: ClockKind, agency: str | None = None) -> Clock:
    """Starts a clock, by the urgency the referral has now."""
    due = turn.book.due(kind, turn.referral.urgency, agency, turn.at)
    clock = Clock(kind, agency, started=turn.at, due=due, remind=_reminder(turn, kind, agency, turn.referral.urgency, due))
    turn.clocks.append(clock)
    return clock


def _reminder(turn: Turn, kind: ClockKind, agency: str | None, urgency: Urgency, due: datetime) -> datetime | None:
    """When to remind of an answer: some time before it is due, unless that is past already.

    Never the coordinator, who cannot decline and whose offer does not expire: from its due time on it is told again and again.
    """
    at = due - turn.book.times.remind_before(urgency)
    asked = kind is ClockKind.answer and agency != turn.book.coordinator
    return at if asked and at > turn.at else None


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


def owe_work(turn: Turn, agency: str) -> None:
    """An agency that has taken its part has to show that it works on it."""
    announce(turn, start(turn, ClockKind.begin_work, agency))


def meet_by_word(turn: Turn, agency: str) -> None:
    """An agency told of its work: that word is no longer owed, but the next one is, while its part is open."""
    for kind in WORK:
        meet(turn, kind, agency)
    if turn.assignments[agency].is_open:
        announce(turn, start(turn, ClockKind.report_work, agency))


def watch_work(turn: Turn) -> None:
    """Gives a part that was taken before these clocks existed the one that it lacks."""
    for agency, part in turn.assignments.items():
        if part.status in _TAKEN and not any(turn.running(kind, agency) for kind in WORK):
            kind = ClockKind.begin_work if part.status is AssignmentStatus.accepted else ClockKind.report_work
            announce(turn, start(turn, kind, agency))


def stop(turn: Turn, agency: str | None = None) -> None:
    """Stops an agency's clocks, or, without one, all but the mandated reports."""
    turn.clocks = [c for c in turn.clocks if (c.kind in STATUTORY if agency is None else c.agency != agency)]


def hasten(turn: Turn, urgency: Urgency) -> None:
    """After the urgency rose: answers and first work still outstanding are due as if asked for now, unless sooner already."""
    for place, clock in enumerate(turn.clocks):
        due = turn.book.due(clock.kind, urgency, clock.agency, turn.at)
        if clock.kind in _HASTENED and due < clock.due:
            turn.clocks[place] = clock._replace(due=due, remind=_reminder(turn, clock.kind, clock.agency, urgency, due))
            announce(turn, turn.clocks[place])
