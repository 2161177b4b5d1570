"""What an agency's events do to a referral it has a part in, or why they do nothing. Pure."""

from datetime import datetime

from services.routing.life import clocks
from services.routing.life.assignments import Step, after, refusal
from services.routing.life.closing import close_if_done
from services.routing.life.referral import REMEMBERED, Referral
from services.routing.life.rerouting import reroute
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from shared.events import agency as told
from shared.events.envelope import AgencyEvent
from shared.events.routing import (
    AcceptedData,
    AssignmentAccepted,
    AssignmentCompleted,
    AssignmentDeclined,
    AssignmentProgressed,
    Clocks,
    CompletedData,
    DeclinedData,
    JusticeRecorded,
    JusticeRecordedData,
    ProgressedData,
    ServiceRecorded,
    ServiceRecordedData,
    ThrivingRecorded,
    ThrivingRecordedData,
    VictimAssessed,
    VictimAssessedData,
)
from shared.vocabulary import ClockKind, Progress, Rejection, RerouteReason

_REPORTS = frozenset({Progress.oral_report_made, Progress.written_report_filed})
_STEPS: dict[type[AgencyEvent], Step] = {
    told.AgencyAccepted: Step.accept,
    told.AgencyDeclined: Step.decline,
    told.AgencyProgressed: Step.progress,
    told.AgencyCompleted: Step.complete,
    told.AgencyRecordedService: Step.record,
    told.AgencyRecordedJustice: Step.record,
    told.AgencyRecordedThriving: Step.record,
    told.AgencyAssessedVictim: Step.record,
}
_WORDS_OF_WORK = frozenset({Step.progress, Step.report, Step.record, Step.complete})


def answer(
    referral: Referral | None, agency: str, event: told.OutboxEvent, book: RuleBook, now: datetime
) -> Decided | Rejection | None:
    """The effect of an agency's event; None where it had it already; else why it has none.

    An agency without a part gets the same answer whether the referral exists or not.
    """
    assignment = referral.assignments.get(agency) if referral else None
    if referral is None or assignment is None:
        return Rejection.not_assigned
    if event.id in assignment.heard:
        return None
    step = _step(event)
    if after(assignment.status, step) is None:
        return refusal(assignment.status)
    if step is Step.decline and agency == book.coordinator:
        return Rejection.not_allowed_now  # the last resort: somebody has to own it
    turn = Turn(referral, now, book)
    turn.move(agency, step, heard=(*assignment.heard, event.id)[-REMEMBERED:])
    word = clocks.by_word(turn, agency) if step in _WORDS_OF_WORK else clocks.NOTHING_MOVED
    _effect(turn, agency, event, clocks.all_told(word.begun))
    clocks.tell_met(turn, word.met)
    close_if_done(turn)
    return turn.done()


def _step(event: told.OutboxEvent) -> Step:
    is_report = isinstance(event, told.AgencyProgressed) and event.data.progress in _REPORTS
    return Step.report if is_report else _STEPS[type(event)]


def _effect(turn: Turn, agency: str, event: told.OutboxEvent, begun: Clocks) -> None:
    """Tells what the agency did. `begun`: the clock of its next word of work, where one is owed."""
    match event:
        case told.AgencyAccepted():
            _accepted(turn, agency)
        case told.AgencyDeclined():
            _declined(turn, agency, event)
        case told.AgencyProgressed():
            _progressed(turn, agency, event.data.progress, begun)
        case told.AgencyCompleted():
            _completed(turn, agency, event)
        case _:
            _record(turn, agency, event, begun)


def _accepted(turn: Turn, agency: str) -> None:
    owed = clocks.all_told([clocks.start(turn, ClockKind.begin_work, agency)])
    turn.tell(AssignmentAccepted, AcceptedData(agency=agency, role=turn.assignments[agency].role, clocks=owed))
    clocks.meet(turn, ClockKind.answer, agency)
    clocks.meet(turn, ClockKind.unassigned)


def _declined(turn: Turn, agency: str, event: told.AgencyDeclined) -> None:
    role = turn.assignments[agency].role
    turn.tell(AssignmentDeclined, DeclinedData(agency=agency, role=role, reason=event.data.reason))
    clocks.meet(turn, ClockKind.answer, agency)
    reroute(turn, agency, RerouteReason.declined)


def _progressed(turn: Turn, agency: str, progress: Progress, begun: Clocks) -> None:
    role = turn.assignments[agency].role
    moved = clocks.by_progress(turn, progress, role)
    all_begun = (*clocks.all_told(moved.begun), *begun)
    turn.tell(AssignmentProgressed, ProgressedData(agency=agency, role=role, progress=progress, clocks=all_begun))
    clocks.tell_met(turn, moved.met)


def _completed(turn: Turn, agency: str, event: told.AgencyCompleted) -> None:
    reason = event.data.reason
    completed = turn.note(agency, completed=reason)
    turn.tell(AssignmentCompleted, CompletedData(agency=agency, role=completed.role, reason=reason))


def _record(turn: Turn, agency: str, event: told.OutboxEvent, begun: Clocks) -> None:
    """Carries an outcome on, in the same shape, with who recorded it."""
    match event:
        case told.AgencyRecordedService(data=data):
            turn.tell(ServiceRecorded, ServiceRecordedData(agency=agency, clocks=begun, **dict(data)))
        case told.AgencyRecordedJustice(data=data):
            turn.tell(JusticeRecorded, JusticeRecordedData(agency=agency, clocks=begun, **dict(data)))
        case told.AgencyRecordedThriving(data=data):
            turn.tell(ThrivingRecorded, ThrivingRecordedData(agency=agency, clocks=begun, **dict(data)))
        case told.AgencyAssessedVictim(data=data):
            turn.tell(VictimAssessed, VictimAssessedData(agency=agency, clocks=begun, **dict(data)))
