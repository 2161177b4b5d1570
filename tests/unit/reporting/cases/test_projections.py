"""Folding events into cases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.cases.projections import FOLDS, fold
from services.reporting.measures.terms import BEGINNINGS
from shared.delivery.errors import Gap
from shared.events import intake, notification, routing
from shared.events.facts import Facts
from shared.testing.strategies import events
from shared.vocabulary import ClockKind, ClosureReason, Progress, Service, ServiceStatus
from tests.histories import START, Life, life, lives

EVERY_EVENT = get_args(intake.IntakeEvent) + get_args(routing.ActivityEvent) + get_args(notification.NotificationEvent)
SEEDS = st.integers(min_value=0, max_value=2**32)


def folded(events: list[Any], case: Any = None) -> Any:
    """The case after the events, those that count twice left out."""
    case = case or {}
    for event in events:
        case = fold(case, event) or case
    return case


def new_life() -> Life:
    new = Life(Random(1), lives(1, 1)[0].id, START)
    new.intook(intake.ReferralReceived, facts=Facts(reporter="school", channel="web"))
    return new


def test_every_event_of_the_three_topics_has_a_fold_and_nothing_else_has() -> None:
    assert set(FOLDS) == set(EVERY_EVENT)


def test_the_made_up_histories_hold_every_event() -> None:
    seen = {type(event) for one in lives(1, 300) for event in one.intake + one.activity + one.delivered}
    assert seen == set(EVERY_EVENT)


def test_an_event_that_has_counted_counts_no_more() -> None:
    new = new_life()
    case = folded(new.intake)
    assert fold(case, new.intake[0]) is None


def test_an_event_after_a_missing_one_is_a_gap_and_an_operator_may_accept_it() -> None:
    new = new_life()
    new.intook(intake.ReferralSupplemented, facts=Facts(reporter="family", channel="web"))
    with pytest.raises(Gap):
        fold({}, new.intake[1])
    case = fold({}, new.intake[1], accept_gap=True)
    assert case is not None
    assert case["applied"] == {"intake": 2}


def test_activity_before_intake_is_kept_for_when_intake_comes() -> None:
    one = next(one for one in lives(2, 50) if one.activity)
    assert folded(one.activity + one.intake) == folded(one.intake + one.activity)


@given(seed=SEEDS, order=st.randoms(use_true_random=False))
def test_the_topics_may_be_mixed_and_repeated_in_any_way(seed: int, order: Any) -> None:
    one = life(Random(seed))
    streams = [list(one.intake), list(one.activity), list(one.delivered)]
    mixed: list[Any] = []
    while any(streams):
        stream = order.choice([stream for stream in streams if stream])
        mixed.append(stream.pop(0))
        if order.random() < 0.3:
            mixed.append(order.choice(mixed))  # comes again
    assert folded(mixed) == folded(one.intake + one.activity + one.delivered)


@given(seed=SEEDS, order=st.randoms(use_true_random=False))
def test_notices_have_no_order_among_themselves(seed: int, order: Any) -> None:
    one = life(Random(seed))
    shuffled = order.sample(one.delivered, len(one.delivered))
    assert folded(shuffled) == folded(one.delivered)


@given(seed=SEEDS)
def test_folding_changes_nothing_that_it_was_given(seed: int) -> None:
    one = life(Random(seed))
    steps: list[Any] = [{}]
    for event in one.intake + one.activity + one.delivered:
        steps.append(fold(steps[-1], event))
    assert steps == [folded((one.intake + one.activity + one.delivered)[:n]) for n in range(len(steps))]


@given(seed=SEEDS)
def test_a_clock_counts_the_same_whether_told_by_itself_as_once_or_in_what_it_begins_with(seed: int) -> None:
    old, new = (life(Random(seed), old=old) for old in (True, False))
    assert folded(old.activity).get("activity") == folded(new.activity).get("activity")


def test_an_answer_that_is_due_sooner_counts_as_begun_anew_and_the_same_one_told_twice_does_not() -> None:
    new = new_life()
    due = START.replace(microsecond=1234) + timedelta(hours=24)
    offer = {"agency": "cca", "role": "advocate", "urgency": "high", "reasons": (), "answer_by": due}
    new.did(routing.AssignmentOffered, **offer, facts=Facts(reporter="school", channel="web"))
    for told in (due, due, due - timedelta(hours=22)):
        new.did(routing.ClockStarted, clock="answer", agency="cca", due=told)
    assert folded(new.activity)["activity"]["clocks"] == {"answer": {"started": 2}}


@pytest.mark.parametrize("kind", BEGINNINGS)
@given(data=st.data())
def test_every_event_that_clocks_begin_with_counts_them(kind: Any, data: st.DataObject) -> None:
    event: Any = data.draw(events(kind))
    begun = [clock.clock for clock in getattr(event.data, "clocks", ())]
    if kind is routing.AssignmentOffered:
        begun = [ClockKind.answer]
    elif kind is routing.ClockStarted:
        begun = [event.data.clock]
    case = fold({}, event, accept_gap=True) or {}
    counted = {clock: states["started"] for clock, states in case["activity"].get("clocks", {}).items()}
    assert counted == dict(Counter(begun))


def test_the_first_moment_of_a_kind_counts_and_the_last_facts() -> None:
    new = new_life()
    first = new.now
    for _ in range(2):
        new.did(routing.ReferralRouted, urgency="high", reasons=(), rules_version="0" * 12)
        new.did(routing.AssignmentAccepted, agency="cca", role="advocate")
        new.did(routing.AssignmentProgressed, agency="cca", role="advocate", progress=Progress.victim_contacted)
        new.did(routing.ServiceRecorded, agency="cca", service=Service.dental, status=ServiceStatus.provided)
        new.now += timedelta(days=1)
    new.intook(intake.ReferralSupplemented, facts=Facts(reporter="self", channel="phone"))
    case = folded(new.intake + new.activity)
    assert {case["activity"][moment] for moment in ("routed", "accepted", "contacted", "served")} == {first}
    assert case["intake"]["received"] == first
    assert case["intake"]["facts"]["reporter"] == "self"


def test_what_is_recorded_again_with_the_same_codes_makes_the_case_no_larger() -> None:
    new = new_life()
    for _ in range(50):
        new.did(routing.ServiceRecorded, agency="cca", service=Service.dental, status=ServiceStatus.requested)
        new.did(routing.JusticeRecorded, agency="cca", step="arrest")
    case = folded(new.activity)
    assert len(case["activity"]["services"]) == len(case["activity"]["justice"]) == 1


def test_a_reopened_referral_is_not_closed() -> None:
    new = new_life()
    new.did(routing.ReferralClosed, reason=ClosureReason.moved)
    new.did(routing.ReferralReopened)
    case = folded(new.activity)
    assert case["activity"]["closed"] is None
    assert case["activity"]["reopened"] == 1


def test_progress_that_is_no_contact_is_no_contact() -> None:
    new = new_life()
    new.did(routing.AssignmentProgressed, agency="cca", role="advocate", progress=Progress.work_started)
    assert "contacted" not in folded(new.activity)["activity"]


def test_an_agency_keeps_its_role_the_reasons_and_the_moment_of_every_step() -> None:
    new = new_life()
    part = {"agency": "dcf", "role": "child_protection"}
    new.did(routing.AssignmentDeclined, **part, reason="no_capacity")
    new.did(routing.AssignmentRerouted, **part, reason="declined", to=())
    assert folded(new.activity)["activity"]["agencies"]["dcf"] == {
        "role": "child_protection",
        "status": "rerouted",
        "declined": START,
        "declined_because": "no_capacity",
        "rerouted": START,
        "rerouted_because": "declined",
    }


def test_an_agency_that_declines_twice_is_counted_by_the_reason_it_gave_last() -> None:
    new = new_life()
    for reason in ("no_capacity", "already_known"):
        new.did(routing.AssignmentDeclined, agency="dcf", role="child_protection", reason=reason)
    assert folded(new.activity)["activity"]["agencies"]["dcf"]["declined_because"] == "already_known"
