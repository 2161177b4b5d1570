"""Clocks within a turn: started, met, stopped.

A clock that begins with something travels in the event that tells of it: what starts one hands it back to whoever tells.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from services.routing.life.referral import Clock
from services.routing.life.turn import Turn
from shared.events.routing import ClockData, ClockMet, Clocks, ClockStarted
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


class Moved(NamedTuple):
    """Clocks that no longer run, as what they waited for has happened, and those that began with it."""

    met: Sequence[Clock]
    begun: Sequence[Clock]


NOTHING_MOVED = Moved((), ())


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


def as_told(clock: Clock) -> ClockData:
    """The clock as events tell of it."""
    return ClockData(clock=clock.kind, agency=clock.agency, due=clock.due)


def all_told(begun: Iterable[Clock]) -> Clocks:
    """Clocks as the event tells of them with which they begin."""
    return tuple([as_told(clock) for clock in begun])


def take_off(turn: Turn, kind: ClockKind, agency: str | None = None) -> list[Clock]:
    """What the clock waited for has happened; none where it does not run. `tell_met` tells of it."""
    clock = turn.running(kind, agency)
    if clock is None:
        return []
    turn.clocks.remove(clock)
    return [clock]


def tell_met(turn: Turn, met: Iterable[Clock]) -> None:
    """Tells that what these clocks waited for has happened."""
    for clock in met:
        turn.tell(ClockMet, as_told(clock))


def meet(turn: Turn, kind: ClockKind, agency: str | None = None) -> None:
    """What the clock waited for has happened; nothing where it does not run."""
    tell_met(turn, take_off(turn, kind, agency))


def by_progress(turn: Turn, progress: Progress, role: AssignmentRole) -> Moved:
    """Meets what this progress stands for. The written report is owed from the oral one on."""
    if progress not in _MET_BY:
        return NOTHING_MOVED
    kind, roles = _MET_BY[progress]
    if roles is not None and role not in roles:
        return NOTHING_MOVED
    met = take_off(turn, kind)
    oral = progress is Progress.oral_report_made
    return Moved(met, [start(turn, ClockKind.dcf_written_report)] if oral and met else [])


def by_word(turn: Turn, agency: str) -> Moved:
    """An agency tells of its work: that word is no longer owed, but the next one is, while its part is open."""
    met = [clock for kind in WORK for clock in take_off(turn, kind, agency)]
    return Moved(met, [start(turn, ClockKind.report_work, agency)] if turn.assignments[agency].is_open else [])


def watch_work(turn: Turn) -> None:
    """Gives a part that was taken before these clocks existed the one that it lacks. Nothing else has happened."""
    for agency, part in turn.assignments.items():
        if part.status in _TAKEN and not any(turn.running(kind, agency) for kind in WORK):
            kind = ClockKind.begin_work if part.status is AssignmentStatus.accepted else ClockKind.report_work
            turn.tell(ClockStarted, as_told(start(turn, kind, agency)))


def stop(turn: Turn, agency: str | None = None) -> None:
    """Stops an agency's clocks, or, without one, all but the mandated reports."""
    turn.clocks = [c for c in turn.clocks if (c.kind in STATUTORY if agency is None else c.agency != agency)]


def hasten(turn: Turn, urgency: Urgency) -> list[Clock]:
    """After the urgency rose: answers and first work still outstanding are due as if asked for now, unless sooner already.

    The clocks that are due sooner now.
    """
    hastened = []
    for place, clock in enumerate(turn.clocks):
        due = turn.book.due(clock.kind, urgency, clock.agency, turn.at)
        if clock.kind in _HASTENED and due < clock.due:
            turn.clocks[place] = clock._replace(due=due, remind=_reminder(turn, clock.kind, clock.agency, urgency, due))
            hastened.append(turn.clocks[place])
    return hastened
