"""Every status answers: who owns the next action, what action, by when."""

from __future__ import annotations

from datetime import timedelta

from services.routing.desk.next_actions import FOLLOW_UPS, Action, NextAction, next_actions
from services.routing.life.referral import OPEN, Referral
from shared.vocabulary import AssignmentStatus, ReferralStatus
from tests.unit.routing.cases import AT, Answers, accept, adult, book, child, complete, progress, routed, withdraw
from tests.unit.routing.commands.test_discretion import done, order


def asked(referral: Referral, after: timedelta = timedelta()) -> list[NextAction]:
    return next_actions(referral, book(), AT + after)


def one_in_each_status() -> dict[ReferralStatus, Referral]:
    new, answers = routed(**adult()), Answers()
    working = answers.all(new, accept("cca"))
    closed = answers.all(working, complete("cca"), accept("hartford-pd"), complete("hartford-pd")).referral
    return {
        ReferralStatus.routed: new.referral,
        ReferralStatus.in_progress: working.referral,
        ReferralStatus.closed: closed,
        ReferralStatus.reopened: done(order(closed, "reopen", reason="new_information")).referral,
        ReferralStatus.withdrawn: withdraw(new.referral).referral,
        ReferralStatus.screened_out: done(order(new.referral, "screen-out", reason="not_trafficking")).referral,
    }


def test_every_status_of_a_referral_has_an_owner_an_action_and_a_time() -> None:
    found = one_in_each_status()
    assert found.keys() | {ReferralStatus.received} == {ReferralStatus(term) for term in ReferralStatus.terms()}
    for status, referral in found.items():
        assert referral.status is status
        actions = asked(referral)
        assert actions, status
        assert all(action.owner in book().kinds and action.due for action in actions)


def test_every_open_status_of_a_part_has_an_owner_an_action_and_a_time() -> None:
    decided, answers = routed(**adult()), Answers()
    found = {AssignmentStatus.offered: asked(decided.referral)}
    decided = answers.all(decided, accept("cca"))
    found[AssignmentStatus.accepted] = asked(decided.referral)
    decided = answers.all(decided, progress("cca", "work_started"))
    found[AssignmentStatus.in_progress] = asked(decided.referral)
    assert found.keys() == OPEN
    wanted = {"offered": Action.answer, "accepted": Action.begin_work, "in_progress": Action.report_work}
    for status, actions in found.items():
        assert wanted[status] in {action.action for action in actions if action.owner == "cca"}


def test_the_statutory_reports_are_the_coordinators_to_see_to_and_the_response_is_dcfs() -> None:
    owners = {action.action: action.owner for action in asked(routed(**child()).referral)}
    assert owners[Action.make_the_oral_report] == "coordinator"
    assert owners[Action.begin_the_response] == "dcf"
    assert owners[Action.contact_the_person] == "cca"
    assert owners[Action.find_an_agency] == "coordinator"


def test_after_the_end_it_is_followed_up_until_180_days_after_receipt() -> None:
    closed = one_in_each_status()[ReferralStatus.closed]
    for days in FOLLOW_UPS:
        (action,) = asked(closed, days - timedelta(days=1))
        assert (action.owner, action.action, action.due) == ("cca", Action.follow_up, AT + days)
    assert asked(closed, timedelta(days=181)) == []
