"""Which agencies a referral is assigned to, event by event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.access.standing import Standing, followed
from shared.delivery.errors import Gap
from shared.vocabulary import AssignmentStatus, RevokeReason
from tests.activity import Life

ENDS = ["declined", "expired", "revoked", "rerouted", "excluded"]


def after(*events: Any, standing: Standing | None = None) -> Standing:
    found = standing or Standing()
    for event in events:
        found = followed(found, event) or found
    return found


def test_an_agency_is_assigned_from_its_offer_on() -> None:
    life = Life()
    events = life.routed(), life.offered("dcf"), life.offered("cca"), life.accepted("dcf")
    assert after(*events).assignments == {"dcf": AssignmentStatus.accepted, "cca": AssignmentStatus.offered}


@pytest.mark.parametrize("end", ENDS)
def test_whatever_ends_an_assignment_ends_that_one_alone(end: str) -> None:
    life = Life()
    ended = after(life.offered("dcf"), life.offered("cca"), getattr(life, end)("dcf"))
    assert ended.assignments["dcf"] not in {AssignmentStatus.offered, AssignmentStatus.accepted, AssignmentStatus.completed}
    assert ended.assignments["cca"] is AssignmentStatus.offered


def test_a_referral_that_is_screened_out_is_assigned_to_nobody() -> None:
    life = Life()
    standing = after(life.offered("dcf"), life.completed("dcf"), life.screened_out())
    assert standing.assignments == {"dcf": AssignmentStatus.revoked}
    assert standing.ended is not None
    assert standing.ended.reason == "not_genuine"


def test_what_was_closed_and_goes_on_has_not_ended() -> None:
    life = Life()
    closed = after(life.offered("dcf"), life.completed("dcf"), life.closed())
    assert closed.ended is not None
    assert closed.assignments == {"dcf": AssignmentStatus.completed}
    assert after(life.reopened(), standing=closed).ended is None


def test_a_referral_that_its_reporter_took_back_has_ended_until_it_is_reopened() -> None:
    life = Life()
    standing = after(life.offered("dcf"), life.offered("cca"), life.revoked("dcf", RevokeReason.withdrawn))
    standing = after(life.revoked("cca", RevokeReason.withdrawn), standing=standing)
    assert standing.ended is not None
    assert standing.ended.reason == "withdrawn"
    assert after(life.reopened(), standing=standing).ended is None


def test_a_part_that_is_revoked_for_another_reason_ends_no_referral() -> None:
    life = Life()
    assert after(life.offered("dcf"), life.revoked("dcf")).ended is None


@given(st.lists(st.integers(0, 5), max_size=12))
def test_events_that_come_again_change_nothing(again: list[int]) -> None:
    life = Life()
    events = [
        life.routed(),
        life.offered("dcf"),
        life.accepted("dcf"),
        life.offered("cca"),
        life.declined("cca"),
        life.closed(),
    ]
    once = after(*events)
    assert after(*[events[number] for number in again], standing=once) == once


def test_a_missing_event_is_noticed() -> None:
    life = Life()
    life.routed()
    with pytest.raises(Gap):
        followed(Standing(), life.offered("dcf"))
