"""Who owns the next action on a referral, what it is, and by when. Pure. Nothing that has not ended is without one."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.routing.life.referral import ENDED, Clock, Referral
from services.routing.rules.book import RuleBook
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
    ClockKind.answer: (Action.answer, None),
    ClockKind.begin_work: (Action.begin_work, None),
    ClockKind.report_work: (Action.report_work, None),
}
"""What each clock waits for, and whose it is: the agency's that it names, else of those with an open part in that role, else
the coordinator's."""


def next_actions(referral: Referral, book: RuleBook, now: datetime) -> list[NextAction]:
    """All of them, the soonest due first: what a clock waits for, so that nothing shown as due is without one.

    An ended referral asks for a follow-up until 180 days after its receipt (a second look after 30, where it was screened out
    or withdrawn), and for the mandated reports that are still owed.
    """
    actions = [_of_clock(referral, book, clock) for clock in referral.clocks]
    if referral.status in ENDED:
        actions += _after_the_end(referral, book, now)
    return sorted(actions, key=lambda action: action.due)


def _of_clock(referral: Referral, book: RuleBook, clock: Clock) -> NextAction:
    action, role = _BY_CLOCK[clock.kind]
    able = [part.agency for part in referral.open_assignments if role and part.role is role]
    return NextAction(clock.agency or next(iter(able), book.coordinator), action, clock.due)


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
