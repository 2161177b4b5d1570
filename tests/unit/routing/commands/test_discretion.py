"""What people decide at the desk, and what is refused, on the shipped rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.routing.commands.authorization import Actor
from services.routing.commands.catalogue import NAMES
from services.routing.commands.conduct import Order, conduct, inherit
from services.routing.commands.refusal import ADVICE, Refusal
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided
from shared.principal import Role
from shared.testing import builders
from tests.unit.routing.cases import (
    AT,
    Answers,
    accept,
    adult,
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

COORDINATOR = Actor("coordinator", Role.coordinator, "someone")


def order(
    referral: Referral, name: str, at: Any = AT + timedelta(minutes=5), by: str | None = None, other: Any = None, **body: Any
) -> Decided | Refusal:
    actor = Actor(by, Role.staff, "someone") if by else COORDINATOR
    command = NAMES[name].model_validate(body)
    return conduct(referral, Order(actor, command, UUID(int=1)), book(), at, other=other)


def done(decided: Decided | Refusal) -> Decided:
    assert isinstance(decided, Decided), decided
    return decided


def statuses(referral: Referral) -> dict[str, str]:
    return {agency: part.status.value for agency, part in referral.assignments.items()}


def screened_out() -> Referral:
    return done(order(routed(**adult()).referral, "screen-out", reason="not_trafficking")).referral


def test_handing_on_takes_the_part_back_and_asks_others_for_it() -> None:
    decided = done(
        order(routed(**adult()).referral, "reroute", agency="hartford-pd", to=("windsor-pd",), reason="jurisdiction")
    )
    assert statuses(decided.referral) == {"hartford-pd": "revoked", "cca": "offered", "windsor-pd": "offered"}
    assert decided.referral.assignments["windsor-pd"].role == "lead"
    assert happened(decided, "AssignmentRerouted")[0].to == ("windsor-pd",)


def test_handing_on_to_nobody_named_follows_the_rules_fallback() -> None:
    decided = done(order(routed(**adult()).referral, "reroute", agency="hartford-pd", reason="capacity"))
    assert happened(decided, "AssignmentRerouted")[0].to == ("coordinator",)
    assert decided.referral.assignments["coordinator"].status == "offered"


def test_a_person_may_ask_an_agency_again_that_had_declined_and_the_rules_never_do() -> None:
    declined = Answers().all(routed(**adult()), decline("hartford-pd"))
    assert "hartford-pd" not in {one.agency for one in happened(supplement(declined.referral, **adult()), "AssignmentOffered")}
    again = done(order(declined.referral, "agency", agency="hartford-pd", role="lead", reason="agreed_with_the_agencies"))
    assert again.referral.assignments["hartford-pd"].status == "offered"


def test_where_another_is_asked_to_lead_who_led_supports() -> None:
    decided = done(order(routed(**adult()).referral, "agency", agency="windsor-pd", role="lead", reason="jurisdiction"))
    assert {a: p.role.value for a, p in decided.referral.assignments.items() if p.role in ("lead", "support")} == {
        "hartford-pd": "support",
        "windsor-pd": "lead",
    }


def test_the_last_part_taken_back_comes_to_the_coordinator() -> None:
    one = done(order(routed(**adult()).referral, "revoke", agency="hartford-pd", reason="not_needed"))
    both = done(order(one.referral, "revoke", agency="cca", reason="not_needed"))
    assert both.referral.assignments["coordinator"].status == "offered"
    assert both.referral.status == "routed"


def test_an_override_is_who_has_it_from_now_on_and_may_lower_the_urgency() -> None:
    parts = ({"agency": "cca", "role": "advocate"}, {"agency": "windsor-pd", "role": "lead"})
    decided = done(order(routed(**child()).referral, "override", to=parts, urgency="routine", reason="facts_clarified"))
    assert {part.agency for part in decided.referral.open_assignments} == {"cca", "windsor-pd"}
    assert decided.referral.urgency == "routine"


def test_a_supplement_after_an_override_asks_only_whom_the_new_facts_call_for() -> None:
    parts = ({"agency": "cca", "role": "advocate"},)
    overridden = done(order(routed(**adult()).referral, "override", to=parts, reason="wish_of_the_person")).referral
    same = supplement(overridden, **adult(language="es"))
    assert {part.agency for part in same.referral.open_assignments} == {"cca"}
    minor = supplement(overridden, **child())
    assert {part.agency for part in minor.referral.open_assignments} == {"cca", "dcf"}


def test_an_exclusion_outlasts_supplements_and_reopening() -> None:
    referral = done(order(routed(**child()).referral, "exclude", agency="hartford-pd", reason="suspect_works_there")).referral
    assert referral.assignments["coordinator"].status == "offered"
    referral = supplement(referral, **child(immediate_danger=True)).referral
    referral = done(order(referral, "close", reason="moved")).referral
    referral = done(order(referral, "reopen", reason="new_information")).referral
    assert referral.assignments["hartford-pd"].status == "revoked"
    assert {"dcf", "cca"} <= {part.agency for part in referral.open_assignments}


def test_a_duplicate_shares_its_exclusions_and_neither_referral_ends() -> None:
    one, two = routed(**child()).referral, routed(**child(excluded_agencies=("hartford-pd",))).referral
    two = two._replace(id=builders.referral_id(2))
    linked = done(order(one, "duplicate", duplicate_of=two.id, other=two)).referral
    assert linked.assignments["hartford-pd"].status == "revoked"
    assert (linked.status, linked.duplicate_of) == ("routed", two.id)
    assert inherit(two, linked, book(), AT) is None, "it was left out there already"


def test_closing_takes_every_part_back_and_leaves_the_mandated_reports_owed() -> None:
    decided = done(order(routed(**child()).referral, "close", reason="duplicate"))
    assert {part.status for part in decided.referral.assignments.values()} == {"revoked"}
    assert {one.reason for one in happened(decided, "AssignmentRevoked")} == {"duplicate"}
    assert {clock.kind for clock in decided.referral.clocks} == {"dcf_oral_report"}


def test_a_child_or_danger_is_screened_out_only_after_an_agency_has_looked_into_it() -> None:
    routed_ = routed(**child())
    assert order(routed_.referral, "screen-out", reason="not_genuine") is Refusal.nobody_has_looked
    looked = Answers().all(routed_, accept("dcf"), complete("dcf", "not_a_victim"))
    assert done(order(looked.referral, "screen-out", reason="not_genuine")).referral.status == "screened_out"


def test_reopening_asks_again_whom_the_rules_name() -> None:
    ended = withdraw(routed(**adult()).referral).referral
    decided = done(order(ended, "reopen", reason="person_came_back"))
    assert names(decided)[:2] == ["ReferralReopened", "ReferralRouted"]
    assert {part.agency for part in decided.referral.open_assignments} == {"hartford-pd", "cca"}


def test_the_written_report_is_due_from_when_the_oral_one_was_made() -> None:
    call: dict[str, Any] = {"called_by": "police_officer", "made_at": AT - timedelta(hours=3), "reference": "CL104217"}
    decided = done(order(routed(**child()).referral, "oral-report", by="dcf", **call))
    (written,) = [clock for clock in decided.referral.clocks if clock.kind == "dcf_written_report"]
    assert written.due == AT - timedelta(hours=3) + timedelta(hours=48)
    later = done(order(decided.referral, "written-report", called_by="coordinator", made_at=AT))
    assert not [clock for clock in later.referral.clocks if clock.kind == "dcf_written_report"]


def test_a_report_is_recorded_by_the_coordinator_without_a_part_and_after_the_end() -> None:
    ended = done(order(routed(**child()).referral, "close", reason="moved")).referral
    call: dict[str, Any] = {"called_by": "coordinator", "made_at": AT, "reference": "CL104217"}
    decided = done(order(ended, "oral-report", **call))
    assert decided.referral.reports[0].agency == "coordinator"
    assert decided.referral.status == "closed"


def test_once_the_coordinator_has_acted_it_is_no_longer_escalated() -> None:
    escalated = routed(**adult()).referral._replace(escalated=frozenset({"cca"}))
    decided = done(order(escalated, "agency", agency="windsor-pd", role="support", reason="capacity"))
    assert decided.referral.escalated == frozenset()


REFUSED: list[tuple[Refusal, Any, str, dict[str, Any]]] = [
    (Refusal.not_more_urgent, routed, "urgency", {"urgency": "routine", "reason": "medical_need"}),
    (Refusal.ended, screened_out, "urgency", {"urgency": "critical", "reason": "medical_need"}),
    (Refusal.ended, screened_out, "agency", {"agency": "cca", "role": "advocate", "reason": "capacity"}),
    (Refusal.ended, screened_out, "close", {"reason": "moved"}),
    (Refusal.ended, screened_out, "screen-out", {"reason": "not_genuine"}),
    (Refusal.ended, screened_out, "override", {"to": ({"agency": "cca", "role": "lead"},), "reason": "capacity"}),
    (Refusal.not_ended, routed, "reopen", {"reason": "new_information"}),
    (Refusal.has_a_part, routed, "agency", {"agency": "cca", "role": "advocate", "reason": "capacity"}),
    (Refusal.no_part, routed, "revoke", {"agency": "windsor-pd", "reason": "not_needed"}),
    (Refusal.not_open, screened_out, "revoke", {"agency": "cca", "reason": "not_needed"}),
    (Refusal.coordinator_stays, routed, "revoke", {"agency": "coordinator", "reason": "not_needed"}),
    (Refusal.coordinator_stays, routed, "exclude", {"agency": "coordinator", "reason": "conflict_of_interest"}),
    (Refusal.named_twice, routed, "reroute", {"agency": "cca", "to": ("dcf", "dcf"), "reason": "capacity"}),
    (Refusal.no_part, routed, "accept", {}),
]


@pytest.mark.parametrize(("reason", "start", "name", "body"), REFUSED)
def test_what_cannot_be_done_is_refused_with_its_reason(reason: Refusal, start: Any, name: str, body: dict[str, Any]) -> None:
    referral = start() if start is screened_out else routed(**adult()).referral
    assert order(referral, name, **body) is reason


def test_two_leads_are_refused() -> None:
    parts = ({"agency": "cca", "role": "lead"}, {"agency": "dcf", "role": "lead"})
    assert order(routed(**adult()).referral, "override", to=parts, reason="capacity") is Refusal.two_leads


def test_a_report_that_is_still_to_be_made_is_refused() -> None:
    call: dict[str, Any] = {"called_by": "coordinator", "made_at": AT + timedelta(days=1), "reference": "CL104217"}
    assert order(routed(**child()).referral, "oral-report", **call) is Refusal.not_yet


def test_nobody_is_asked_against_the_persons_consent() -> None:
    silent = routed(**adult(reporter="self", police_consent="no")).referral
    body: dict[str, Any] = {"agency": "hartford-pd", "role": "lead", "reason": "capacity"}
    assert order(silent, "agency", **body) is Refusal.left_out


def test_every_refusal_says_what_to_do() -> None:
    assert set(ADVICE) == set(Refusal)
