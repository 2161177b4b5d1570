"""What clocks do when they run out."""

from __future__ import annotations

from datetime import timedelta

from services.routing.life.turn import Decided
from services.routing.turns.expiry import run_out
from tests.unit.routing.cases import (
    AT,
    Answers,
    accept,
    adult,
    book,
    child,
    complete,
    happened,
    names,
    progress,
    routed,
    withdraw,
)

HOUR = timedelta(hours=1)


def after(decided: Decided, time: timedelta) -> Decided:
    result = run_out(decided.referral, book(), AT + time)
    assert result is not None
    return result


def test_nothing_happens_before_a_clock_is_due() -> None:
    assert run_out(routed(**adult()).referral, book(), AT + timedelta(minutes=59)) is None


def test_an_unanswered_offer_expires_goes_on_and_the_agencys_supervisor_has_to_know() -> None:
    accepted = Answers().all(routed(**child()), accept("cca"))
    expired = after(accepted, 2 * HOUR)
    assert names(expired)[:5] == [
        "ClockMissed",
        "AssignmentExpired",
        "ReferralEscalated",
        "AssignmentRerouted",
        "AssignmentOffered",
    ]
    told = {(e.level.value, e.agency, e.clock) for e in happened(expired, "ReferralEscalated")}
    assert ("supervisor", "dcf", "answer") in told
    assert [happening.inbox for happening in expired.happened if happening.event.__name__ == "AssignmentExpired"] == [
        "dcf",
        "hartford-pd",
    ]
    assert {a: one.status.value for a, one in expired.referral.assignments.items()} == {
        "dcf": "rerouted",
        "cca": "accepted",
        "hartford-pd": "rerouted",
        "coordinator": "offered",
    }


def test_the_coordinator_has_to_know_from_the_second_agency_on_that_does_not_answer() -> None:
    expired = after(Answers().all(routed(**child()), accept("cca")), 2 * HOUR)
    coordinator = [e.agency for e in happened(expired, "ReferralEscalated") if e.level == "coordinator"]
    assert coordinator == ["hartford-pd"]


def test_the_coordinators_own_offer_never_expires_its_clock_tells_again_and_again() -> None:
    decided = routed(**adult(release="not_given"))
    first = after(decided, 24 * HOUR)
    assert "AssignmentExpired" not in names(first)
    assert [e.clock.value for e in happened(first, "ReferralEscalated")] == ["unassigned", "answer"]
    assert first.referral.assignments["coordinator"].status == "offered"
    again = after(first, 48 * HOUR)
    assert happened(again, "ClockMissed") == [], "missed once, told as often as needed"
    assert {e.clock.value for e in happened(again, "ReferralEscalated")} == {"unassigned", "answer"}


def test_unassigned_over_an_hour_tells_the_coordinator() -> None:
    missed = after(routed(**adult()), HOUR)
    assert [(e.level.value, e.clock.value, e.agency) for e in happened(missed, "ReferralEscalated")] == [
        ("coordinator", "unassigned", "coordinator")
    ]


def test_a_missed_clock_can_still_be_met() -> None:
    missed = after(routed(**adult()), HOUR)
    accepted = Answers().all(missed, accept("cca"))
    assert "unassigned" in {met.clock.value for met in happened(accepted, "ClockMet")}


def test_the_mandated_reports_are_told_again_until_they_are_made_even_after_the_end() -> None:
    told = Answers()
    accepted = told.all(routed(**child()), *[accept(a) for a in ("dcf", "cca", "hartford-pd")])
    closed = told.all(accepted, *[complete(a) for a in ("dcf", "cca", "hartford-pd")])
    missed = after(closed, 12 * HOUR)
    assert [clock.clock.value for clock in happened(missed, "ClockMissed")] == ["dcf_oral_report"]
    made = told.all(missed, progress("cca", "oral_report_made"))
    assert {clock.kind.value for clock in made.referral.clocks} == {"dcf_written_report"}


def test_after_an_outage_what_is_long_overdue_is_worked_off_in_its_order_at_once() -> None:
    late = after(routed(**child()), 1000 * HOUR)
    kinds = [clock.clock.value for clock in happened(late, "ClockMissed")]
    assert kinds == ["unassigned", "answer", "answer", "answer", "dcf_oral_report", "advocate_contact", "dcf_begins"]
    assert [one.agency for one in late.referral.open_assignments] == ["coordinator"]


def test_clocks_of_a_withdrawn_referral_have_stopped() -> None:
    assert run_out(withdraw(routed(**adult()).referral).referral, book(), AT + 1000 * HOUR) is None


def test_when_everyone_else_expired_and_the_coordinator_was_done_it_is_back_with_the_coordinator() -> None:
    decided = Answers().all(routed(**adult(trafficking_type="labor")), accept("coordinator"), complete("coordinator"))
    expired = after(decided, 25 * HOUR)
    assert [one.agency for one in expired.referral.open_assignments] == ["coordinator"]
    assert expired.referral.status != "closed"
