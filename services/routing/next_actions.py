"""Who owns the next action on a referral, what it is, and by when. Pure. Nothing that has not ended is without one."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.routing.referral import ENDED, Assignment, Clock, Referral
from services.routing.rule_book import RuleBook
from shared.vocabulary import AssignmentRole, AssignmentStatus, ClockKind, ReferralStatus


class Action(StrEnum):
    """What has to be done."""

    answer = "answer"
    begin_work = "begin_work"
    report_work = "report_work"
    find_an_agency = "find_an_agency"
    contact_the_person = "contact_the_person"
    make_the_oral_report = "make_the_oral_report"
    file_the_written_report = "file_the_written_report"
    begin_the_response = "begin_the_response"
    follow_up = "follow_up"
    look_again = "look_again"


class NextAction(NamedTuple):
    """`owner` is an agency's id."""

    owner: str
    action: Action
    due: datetime


FOLLOW_UPS = (timedelta(days=30), timedelta(days=90), timedelta(days=180))
"""After receipt, as the thriving indicators are asked for."""

_BY_CLOCK: dict[ClockKind, tuple[Action, AssignmentRole | None]] = {
    ClockKind.unassigned: (Action.find_an_agency, None),
    ClockKind.advocate_contact: (Action.contact_the_person, AssignmentRole.advocate),
    ClockKind.dcf_oral_report: (Action.make_the_oral_report, None),
    ClockKind.dcf_written_report: (Action.file_the_written_report, None),
    ClockKind.dcf_begins: (Action.begin_the_response, AssignmentRole.child_protection),
}
"""What each clock waits for, and whose it is: of those with an open part in that role, else the coordinator's."""


def next_actions(referral: Referral, book: RuleBook, report_within: timedelta, now: datetime) -> list[NextAction]:
    """All of them, the soonest due first. `report_within`: how long an agency at work may be silent.

    An ended referral asks for a follow-up until 180 days after its receipt (a second look after 30, where it was screened out
    or withdrawn), and for the mandated reports that are still owed.
    """
    actions = [_of_clock(referral, book, clock) for clock in referral.clocks if clock.kind in _BY_CLOCK]
    if referral.status in ENDED:
        actions += _after_the_end(referral, book, now)
    else:
        actions += [_of_part(referral, book, part, report_within) for part in referral.open_assignments]
    return sorted(actions, key=lambda action: action.due)


def _of_part(referral: Referral, book: RuleBook, part: Assignment, report_within: timedelta) -> NextAction:
    answer_time = book.times.of(ClockKind.answer, referral.urgency)
    told = part.told or part.since
    match part.status:
        case AssignmentStatus.offered:
            due = next((c.due for c in referral.clocks if c.kind is ClockKind.answer and c.agency == part.agency), None)
            return NextAction(part.agency, Action.answer, due or part.since + answer_time)
        case AssignmentStatus.accepted:
            return NextAction(part.agency, Action.begin_work, told + answer_time)
    return NextAction(part.agency, Action.report_work, told + report_within)


def _of_clock(referral: Referral, book: RuleBook, clock: Clock) -> NextAction:
    action, role = _BY_CLOCK[clock.kind]
    owners = [part.agency for part in referral.open_assignments if role and part.role is role]
    return NextAction(owners[0] if owners else book.coordinator, action, clock.due)


def _after_the_end(referral: Referral, book: RuleBook, now: datetime) -> list[NextAction]:
    if referral.status is not ReferralStatus.closed:
        due = referral.received + FOLLOW_UPS[0]
        return [NextAction(book.coordinator, Action.look_again, due)] if due > now else []
    advocates = [
        part.agency
        for part in referral.assignments.values()
        if part.role is AssignmentRole.advocate and part.status is AssignmentStatus.completed
    ]
    due_times = [referral.received + days for days in FOLLOW_UPS if referral.received + days > now]
    owner = advocates[0] if advocates else book.coordinator
    return [NextAction(owner, Action.follow_up, due_times[0])] if due_times else []
