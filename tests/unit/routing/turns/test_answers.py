"""What agencies' events do, and when they do nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.routing.life.referral import REMEMBERED
from services.routing.life.turn import Decided
from services.routing.turns.answers import answer
from shared.events import agency as told
from shared.events.routing import ClockData
from shared.testing import builders
from shared.vocabulary import ClockKind, Rejection
from tests.unit.routing.cases import (
    AT,
    Answers,
    accept,
    adult,
    begun,
    book,
    child,
    complete,
    decline,
    happened,
    names,
    progress,
    routed,
    supplement,
)


@pytest.fixture
def tell() -> Answers:
    return Answers()


def test_accepting_meets_the_agencys_answer_clock_and_the_first_one_that_of_being_unassigned(tell: Answers) -> None:
    first = tell.all(routed(**adult()), accept("cca"))
    assert [(met.clock.value, met.agency) for met in happened(first, "ClockMet")] == [("answer", "cca"), ("unassigned", None)]
    assert first.referral.status == "in_progress"
    second = tell.all(first, accept("hartford-pd"))
    assert [met.clock.value for met in happened(second, "ClockMet")] == ["answer"]


def test_declining_goes_on_to_the_coordinator_with_the_reason(tell: Answers) -> None:
    declined = tell.all(routed(**adult()), decline("hartford-pd", "conflict_of_interest"))
    assert names(declined) == ["AssignmentDeclined", "ClockMet", "AssignmentRerouted", "AssignmentOffered"]
    (rerouted,) = happened(declined, "AssignmentRerouted")
    assert (rerouted.reason, rerouted.to) == ("declined", ("coordinator",))
    (offer,) = happened(declined, "AssignmentOffered")
    assert (offer.role, offer.reasons) == ("coordination", ("adult_third_party", "police_did_not_take_it"))
    assert declined.referral.assignments["hartford-pd"].status == "rerouted"


def test_the_coordinator_is_told_when_the_last_agency_declines_or_it_happens_again(tell: Answers) -> None:
    declined = tell.all(routed(**adult()), decline("hartford-pd"), decline("cca"))
    (escalated,) = happened(declined, "ReferralEscalated")
    assert (escalated.level, escalated.agency, escalated.clock) == ("coordinator", "cca", None)
    assert happened(declined, "AssignmentRerouted")[0].to == (), "the coordinator has it already"
    assert [one.agency for one in declined.referral.open_assignments] == ["coordinator"]


def test_the_coordinator_cannot_decline(tell: Answers) -> None:
    referral = routed(**adult(immediate_danger=True)).referral
    assert tell(referral, "coordinator", told.AgencyDeclined, reason="no_capacity") is Rejection.not_allowed_now


def test_an_excluded_agency_is_never_asked_instead_of_another(tell: Answers) -> None:
    declined = tell.all(routed(**adult(excluded_agencies=("cca",))), decline("hartford-pd"))
    assert {one.agency for one in declined.referral.open_assignments} == {"coordinator"}


def test_an_agency_without_a_part_gets_the_same_answer_whether_the_referral_exists_or_not(tell: Answers) -> None:
    event = builders.answer(told.AgencyAccepted, "windsor-pd")
    assert tell(routed(**adult()).referral, "windsor-pd", told.AgencyAccepted) is Rejection.not_assigned
    assert answer(None, "windsor-pd", event, book(), AT) is Rejection.not_assigned


BEFORE_ACCEPTING: list[tuple[str, type[Any], dict[str, Any]]] = [
    complete("hartford-pd"),
    progress("hartford-pd", "work_started"),
    ("hartford-pd", told.AgencyRecordedJustice, {"step": "arrest"}),
]


@pytest.mark.parametrize(("agency", "kind", "data"), BEFORE_ACCEPTING)
def test_before_accepting_an_agency_can_only_accept_or_decline(
    tell: Answers, agency: str, kind: type[Any], data: dict[str, Any]
) -> None:
    assert tell(routed(**adult()).referral, agency, kind, **data) is Rejection.not_allowed_now


def test_accepting_twice_is_not_allowed_now_and_after_declining_the_part_is_not_open(tell: Answers) -> None:
    decided = tell.all(routed(**adult()), accept("cca"), decline("hartford-pd"))
    assert tell(decided.referral, "cca", told.AgencyAccepted) is Rejection.not_allowed_now
    assert tell(decided.referral, "hartford-pd", told.AgencyAccepted) is Rejection.not_open


def test_a_revoked_agency_has_no_part_any_more(tell: Answers) -> None:
    accepted = tell.all(routed(**adult()), accept("hartford-pd"))
    revoked = supplement(accepted.referral, **adult(excluded_agencies=("hartford-pd",)))
    assert tell(revoked.referral, "hartford-pd", told.AgencyRecordedJustice, step="arrest") is Rejection.not_open


def test_the_same_event_has_its_effect_once() -> None:
    referral = routed(**adult()).referral
    event = builders.answer(told.AgencyAccepted, "cca", referral.id)
    first = answer(referral, "cca", event, book(), AT)
    assert isinstance(first, Decided)
    assert answer(first.referral, "cca", event, book(), AT) is None


def test_another_agencys_event_of_the_same_id_counts_for_itself() -> None:
    referral = routed(**adult()).referral
    event = builders.answer(told.AgencyAccepted, "cca", referral.id)
    first = answer(referral, "cca", event, book(), AT)
    assert isinstance(first, Decided)
    assert isinstance(answer(first.referral, "hartford-pd", event, book(), AT), Decided)


def test_no_more_event_ids_are_remembered_than_it_says(tell: Answers) -> None:
    decided = tell.all(routed(**adult()), accept("cca"))
    decided = tell.all(decided, *[progress("cca", "work_started")] * (REMEMBERED + 5))
    assert len(decided.referral.assignments["cca"].heard) == REMEMBERED


def met(decided: Decided) -> list[str]:
    return [one.clock.value for one in happened(decided, "ClockMet")]


def test_victim_contacted_by_the_advocates_meets_their_clock_and_by_the_police_does_not(tell: Answers) -> None:
    accepted = tell.all(routed(**adult()), accept("cca"), accept("hartford-pd"))
    assert met(tell.all(accepted, progress("hartford-pd", "victim_contacted"))) == ["begin_work"]
    assert met(tell.all(accepted, progress("cca", "victim_contacted"))) == ["advocate_contact", "begin_work"]


def test_the_oral_report_meets_its_clock_and_starts_that_of_the_written_one(tell: Answers) -> None:
    accepted = tell.all(routed(**child()), accept("dcf"), accept("cca"))
    oral = tell.all(accepted, progress("cca", "oral_report_made"))
    assert met(oral) == ["dcf_oral_report", "begin_work"]
    assert begun(oral)[0] == ClockData(clock=ClockKind.dcf_written_report, due=AT + timedelta(hours=48, minutes=2))
    written = tell.all(oral, progress("cca", "written_report_filed"))
    assert met(written) == ["dcf_written_report", "report_work"]


def test_dcfs_response_meets_its_clock(tell: Answers) -> None:
    begun = tell.all(routed(**child()), accept("dcf"), progress("dcf", "response_begun"))
    assert met(begun) == ["dcf_begins", "begin_work"]


OUTCOMES = [
    (told.AgencyRecordedService, {"service": "medical", "status": "provided"}, "ServiceRecorded"),
    (told.AgencyRecordedJustice, {"step": "arrest"}, "JusticeRecorded"),
    (told.AgencyRecordedThriving, {"day": 90, "indicators": ("income",)}, "ThrivingRecorded"),
    (told.AgencyAssessedVictim, {"status": "confirmed"}, "VictimAssessed"),
]


@pytest.mark.parametrize(("kind", "data", "name"), OUTCOMES)
def test_outcomes_are_carried_on_with_the_agency_from_accepting_on_and_months_after_the_end(
    tell: Answers, kind: type[told.AgencyRecordedService], data: dict[str, object], name: str
) -> None:
    accepted = tell.all(routed(**adult()), accept("cca"), accept("hartford-pd"))
    closed = tell.all(accepted, complete("cca"), complete("hartford-pd"))
    assert closed.referral.status == "closed"
    for decided in (accepted, closed):
        recorded = tell.all(decided, ("cca", kind, data))
        (carried,) = happened(recorded, name)
        assert carried.agency == "cca"
        assert recorded.referral.status == decided.referral.status


def test_a_referral_ends_when_the_last_part_does_with_goals_met_where_anybody_met_them(tell: Answers) -> None:
    accepted = tell.all(routed(**adult()), accept("cca"), accept("hartford-pd"))
    one = tell.all(accepted, complete("cca", "goals_met"))
    assert one.referral.status == "in_progress"
    both = tell.all(one, complete("hartford-pd", "not_a_victim"))
    assert happened(both, "ReferralClosed")[0].reason == "goals_met"
    assert both.referral.clocks == ()


def test_else_a_referral_ends_with_the_reason_of_the_last_to_complete(tell: Answers) -> None:
    accepted = tell.all(routed(**adult()), accept("cca"), accept("hartford-pd"))
    first = tell(accepted.referral, "cca", told.AgencyCompleted, AT + timedelta(hours=1), reason="lost_contact")
    assert isinstance(first, Decided)
    last = tell(first.referral, "hartford-pd", told.AgencyCompleted, AT + timedelta(hours=2), reason="transferred")
    assert isinstance(last, Decided)
    assert happened(last, "ReferralClosed")[0].reason == "transferred"


def test_immediate_danger_ends_only_when_the_coordinator_has_completed(tell: Answers) -> None:
    accepted = tell.all(routed(**adult(immediate_danger=True)), *[accept(a) for a in ("cca", "hartford-pd", "coordinator")])
    others = tell.all(accepted, complete("cca"), complete("hartford-pd"))
    assert others.referral.status == "in_progress"
    assert tell.all(others, complete("coordinator")).referral.status == "closed"


def test_an_end_leaves_the_clocks_of_the_mandated_reports_running(tell: Answers) -> None:
    decided = tell.all(routed(**child()), *[accept(a) for a in ("dcf", "cca", "hartford-pd")])
    closed = tell.all(decided, *[complete(a) for a in ("dcf", "cca", "hartford-pd")])
    assert closed.referral.status == "closed"
    assert [clock.kind.value for clock in closed.referral.clocks] == ["dcf_oral_report"]
    reported = tell.all(closed, progress("dcf", "oral_report_made"))
    assert [clock.kind.value for clock in reported.referral.clocks] == ["dcf_written_report"]


def test_an_agency_that_declines_after_the_coordinator_was_done_brings_it_back_to_the_coordinator(tell: Answers) -> None:
    decided = tell.all(routed(**adult(trafficking_type="labor")), accept("coordinator"), complete("coordinator"))
    back = tell.all(decided, decline("hartford-pd"))
    assert happened(back, "AssignmentRerouted")[0].to == ("coordinator",)
    assert back.referral.assignments["coordinator"].status == "offered"
