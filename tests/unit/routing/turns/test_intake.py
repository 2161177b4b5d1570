"""What intake's events do: routed, routed anew, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.keeping.document import from_document, to_document
from services.routing.life.turn import Decided
from services.routing.turns.intake import take
from shared.testing import builders
from shared.vocabulary import Added
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
    routed,
    supplement,
    withdraw,
)


def statuses(referral: object) -> dict[str, str]:
    return {agency: one.status.value for agency, one in referral.assignments.items()}  # type: ignore[attr-defined]


def test_a_new_referral_is_routed_then_offered_to_each_agency_and_its_clocks_start() -> None:
    decided = routed(**adult())
    assert names(decided) == ["ReferralRouted", "AssignmentOffered", "AssignmentOffered"]
    offers = happened(decided, "AssignmentOffered")
    assert [(offer.agency, offer.answer_by) for offer in offers] == [
        ("hartford-pd", AT + timedelta(hours=24)),
        ("cca", AT + timedelta(hours=24)),
    ]
    started = {(clock.clock.value, clock.agency) for clock in begun(decided)}
    assert started == {("answer", "hartford-pd"), ("answer", "cca"), ("unassigned", None), ("advocate_contact", None)}
    assert decided.referral.status == "routed"
    assert decided.referral.next_due == AT + timedelta(hours=1)


def test_an_offer_goes_to_the_agencys_inbox_with_a_way_to_the_details() -> None:
    offers = [h for h in routed(**adult()).happened if h.event.__name__ == "AssignmentOffered"]
    assert [(offer.inbox, offer.details) for offer in offers] == [("hartford-pd", True), ("cca", True)]


def test_a_consult_gives_no_way_to_the_details() -> None:
    (offer,) = [h for h in routed(**adult(release="not_given")).happened if h.event.__name__ == "AssignmentOffered"]
    assert (offer.inbox, offer.details) == ("coordinator", False)


def test_immediate_danger_has_to_be_answered_in_fifteen_minutes() -> None:
    (first, *_) = happened(routed(**adult(immediate_danger=True)), "AssignmentOffered")
    assert first.answer_by == AT + timedelta(minutes=15)


def test_a_supplement_tells_open_agencies_the_new_facts_and_asks_whom_it_names_first() -> None:
    decided = supplement(routed(**adult()).referral, **adult(other_towns=("windsor",), trafficking_type="labor"))
    updated = happened(decided, "AssignmentUpdated")
    assert [one.agency for one in updated] == ["hartford-pd", "cca"]
    assert updated[0].facts.trafficking_type == "labor"
    assert {one.agency for one in happened(decided, "AssignmentOffered")} == {"windsor-pd", "coordinator"}
    assert decided.referral.facts.trafficking_type == "labor"


def test_a_supplement_that_excludes_an_agency_takes_its_part_back_and_brings_in_the_coordinator() -> None:
    decided = supplement(routed(**adult()).referral, **adult(excluded_agencies=("hartford-pd",)))
    (revoked,) = happened(decided, "AssignmentRevoked")
    assert (revoked.agency, revoked.reason) == ("hartford-pd", "excluded")
    assert "hartford-pd" not in {one.agency for one in happened(decided, "AssignmentUpdated")}
    assert {one.agency for one in happened(decided, "AssignmentOffered")} == {"coordinator"}


def test_a_supplement_that_takes_consent_back_takes_the_polices_part_back() -> None:
    before = routed(**adult(reporter="self", police_consent="yes")).referral
    decided = supplement(before, **adult(reporter="self", police_consent="no"))
    assert [(one.agency, one.reason.value) for one in happened(decided, "AssignmentRevoked")] == [
        ("hartford-pd", "consent_changed")
    ]
    assert statuses(decided.referral)["cca"] == "offered"


def test_a_supplement_that_takes_the_release_back_leaves_the_coordinator_alone() -> None:
    decided = supplement(routed(**adult()).referral, **adult(reporter="service_provider", release="not_given"))
    assert {one.agency for one in happened(decided, "AssignmentRevoked")} == {"hartford-pd", "cca"}
    assert [one.agency for one in happened(decided, "AssignmentOffered")] == ["coordinator"]


def test_a_supplement_never_lowers_the_urgency_and_hastens_answers_where_it_raises_it() -> None:
    raised = supplement(routed(**adult()).referral, **adult(immediate_danger=True))
    assert raised.referral.urgency == "critical"
    answers = [clock.due for clock in raised.referral.clocks if clock.kind == "answer"]
    assert set(answers) == {AT + timedelta(minutes=16)}
    lowered = supplement(raised.referral, **adult())
    assert lowered.referral.urgency == "critical"


def test_a_supplement_calls_no_agency_back_that_declined_or_is_done() -> None:
    told = Answers()
    before = told.all(routed(**adult()), accept("cca"), complete("cca"), decline("hartford-pd")).referral
    decided = supplement(before, **adult(language="vi"))
    assert happened(decided, "AssignmentOffered") == []
    assert statuses(decided.referral) == {"hartford-pd": "rerouted", "cca": "completed", "coordinator": "offered"}


def test_a_corrected_town_leaves_one_lead() -> None:
    decided = supplement(routed(**adult()).referral, **adult(town_of_exploitation="windsor"))
    lead = [agency for agency, one in decided.referral.assignments.items() if one.role == "lead" and one.is_open]
    assert lead == ["windsor-pd"]


def test_a_supplement_that_makes_it_a_child_starts_the_clocks_of_the_law() -> None:
    decided = supplement(routed(**adult()).referral, **child())
    assert {"dcf_oral_report", "dcf_begins"} <= {clock.clock.value for clock in begun(decided)}


def test_a_withdrawal_takes_every_part_back_and_stops_the_clocks() -> None:
    decided = withdraw(routed(**adult()).referral)
    assert {one.agency for one in happened(decided, "AssignmentRevoked")} == {"hartford-pd", "cca"}
    assert (decided.referral.status, decided.referral.clocks) == ("withdrawn", ())


@pytest.mark.parametrize("told", [child(), adult(immediate_danger=True), adult(minor="unknown")])
def test_a_possible_minor_or_immediate_danger_cannot_be_withdrawn_and_the_coordinator_has_to_know(
    told: dict[str, Any],
) -> None:
    before = routed(**told).referral
    decided = withdraw(before)
    assert happened(decided, "AssignmentRevoked") == []
    (escalated,) = happened(decided, "ReferralEscalated")
    assert (escalated.level, escalated.clock, escalated.reasons) == ("coordinator", None, ("withdrawn_goes_on",))
    assert decided.referral.assignments["coordinator"].is_open
    assert decided.referral.status == before.status


def test_a_supplement_after_a_withdrawal_reopens_and_asks_again() -> None:
    decided = supplement(withdraw(routed(**adult()).referral).referral, **adult())
    assert names(decided)[:2] == ["ReferralReopened", "ReferralRouted"]
    assert {one.agency for one in happened(decided, "AssignmentOffered")} == {"hartford-pd", "cca"}
    assert decided.referral.status == "reopened"


def test_a_supplement_after_the_end_reopens_and_never_ends_it_at_once() -> None:
    told = Answers()
    closed = told.all(
        routed(**adult()), accept("cca"), complete("cca"), accept("hartford-pd"), complete("hartford-pd", "transferred")
    )
    assert closed.referral.status == "closed"
    decided = supplement(closed.referral, **adult(language="es"))
    assert {one.agency for one in happened(decided, "AssignmentOffered")} == {"hartford-pd", "cca"}
    assert decided.referral.status == "reopened"


def ended(**told: Any) -> Decided:
    answers = Answers()
    steps = (accept("cca"), complete("cca"), accept("hartford-pd"), complete("hartford-pd", "transferred"))
    return answers.all(routed(**adult(**told)), *steps)


def test_that_contact_is_unsafe_reopens_nothing_that_has_ended_and_is_told_to_all_who_did_their_part() -> None:
    before = ended().referral
    decided = supplement(before, **adult(safe_contact="unsafe"), added=("contact_unsafe",))
    assert decided.referral.status == before.status == "closed"
    assert decided.referral.facts.safe_contact == "unsafe"
    assert names(decided) == ["AssignmentUpdated"] * 2 + ["ReporterAdded"] * 3
    assert {one.agency for one in happened(decided, "ReporterAdded")} == {"cca", "hartford-pd", "coordinator"}
    assert {h.inbox for h in decided.happened if h.event.__name__ == "AssignmentUpdated"} == {"cca", "hartford-pd"}


@pytest.mark.parametrize("added", ["words", "answer", "file"])
def test_whatever_else_a_reporter_adds_reopens_what_has_ended(added: str) -> None:
    decided = supplement(ended().referral, **adult(), added=(added,))
    assert decided.referral.status == "reopened"
    assert "coordinator" in {one.agency for one in happened(decided, "ReporterAdded")}


@given(st.lists(st.sampled_from(Added.terms()), unique=True))
def test_of_what_a_reporter_adds_every_open_part_and_the_coordinator_are_told_once(added: list[str]) -> None:
    decided = supplement(routed(**adult()).referral, **adult(), added=added)
    told = [one.agency for one in happened(decided, "ReporterAdded")]
    assert sorted(told) == (["cca", "coordinator", "hartford-pd"] if added else [])
    assert {one.added for one in happened(decided, "AssignmentUpdated")} == {tuple(added)}


def test_a_withdrawal_of_what_has_ended_changes_nothing_but_is_taken() -> None:
    withdrawn = withdraw(routed(**adult()).referral).referral
    decided = withdraw(withdrawn)
    assert (decided.happened, decided.referral.taken) == ((), 3)


def test_a_referral_first_seen_by_a_supplement_is_routed_and_a_withdrawal_of_it_has_no_effect() -> None:
    late = take(None, builders.supplemented(sequence=2, **adult()), book(), AT)
    assert late is not None
    assert (late.referral.taken, names(late)[0]) == (2, "ReferralRouted")
    assert take(None, builders.withdrawn(), book(), AT) is None


def test_a_supplement_that_leaves_nobody_brings_the_coordinator_back() -> None:
    told = Answers()
    before = told.all(routed(**adult(trafficking_type="labor")), decline("hartford-pd"), accept("coordinator"))
    before = told.all(before, complete("coordinator"))
    assert [one.agency for one in before.referral.open_assignments] == ["cca"]
    decided = supplement(before.referral, **adult(trafficking_type="labor", excluded_agencies=("cca",)))
    assert [one.agency for one in decided.referral.open_assignments] == ["coordinator"]


OTHERS = (builders.referral_id(7), builders.referral_id(8))


def test_likely_duplicates_are_linked_for_the_coordinator_with_score_and_reasons_and_nothing_else_changes() -> None:
    before = routed(**child()).referral
    decided = take(before, builders.duplicates_found(*OTHERS), book(), AT)
    assert decided is not None
    assert names(decided) == ["DuplicateLinked", "DuplicateLinked"]
    assert [(one.duplicate_of, one.score, one.reasons) for one in happened(decided, "DuplicateLinked")] == [
        (other, 0.8, ("phone",)) for other in OTHERS
    ]
    after = decided.referral
    assert [one.referral for one in after.likely_duplicates] == list(OTHERS)
    assert after._replace(taken=1, sequence=before.sequence, likely_duplicates=()) == before
    assert all(one.inbox is None for one in decided.happened), "it is for the coordinator alone"
    assert from_document(to_document(after)).likely_duplicates == after.likely_duplicates


def test_what_the_coordinator_linked_is_not_linked_again_as_likely() -> None:
    before = routed(**child()).referral._replace(duplicate_of=OTHERS[0])
    decided = take(before, builders.duplicates_found(*OTHERS), book(), AT)
    assert decided is not None
    assert [one.duplicate_of for one in happened(decided, "DuplicateLinked")] == [OTHERS[1]]


def test_an_ended_referral_is_linked_too_and_stays_ended() -> None:
    ended = withdraw(routed(**adult()).referral).referral
    decided = take(ended, builders.duplicates_found(*OTHERS, sequence=3), book(), AT)
    assert decided is not None
    assert (decided.referral.status, decided.referral.taken) == ("withdrawn", 3)


def test_likely_duplicates_of_a_referral_never_seen_have_no_effect() -> None:
    assert take(None, builders.duplicates_found(*OTHERS), book(), AT) is None


def test_a_referral_whose_every_part_is_completed_has_ended_with_an_event_so_that_a_withdrawal_needs_none_of_its_own() -> None:
    before = routed(**adult())
    steps = [step(agency) for agency in before.referral.assignments for step in (accept, complete)]
    done = Answers().all(before, *steps)
    assert "ReferralClosed" in names(done), "the time to keep its details begins here"
    later = withdraw(done.referral)
    assert (later.referral.status, names(later)) == ("closed", [])
