"""The sandbox's referrals: told from real ones, judged like them, and never anybody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.keeping.journal import Journal
from services.routing.life.turn import Decided
from services.routing.sandbox.synthetic import synthetic_id, synthetic_offer
from services.routing.turns.answers import answer
from services.routing.turns.expiry import run_out
from shared.agencies import Agencies, load_agencies
from shared.events.routing import AssignmentOffered
from shared.testing import builders
from shared.vocabulary import Rejection
from tests.unit.routing.cases import ALL_AGENCIES, AT, CONFIG, KINDS, book

MINUTE = 60.0
ID = synthetic_id(AT, MINUTE)
JOURNAL = Journal("", frozenset({"sandbox"}), sandbox=True)


def sent(kind: str, number: int) -> Any:
    event, data = KINDS[kind]
    return builders.answer(event, "sandbox", ID, number=number, **data)


@given(turn=st.integers(10**6, 10**8), every=st.integers(1, 40), late=st.floats(0, 0.999))
def test_every_instance_makes_the_same_id_in_the_same_turn_and_another_in_the_next(turn: int, every: int, late: float) -> None:
    start = datetime.fromtimestamp(turn * every, UTC)
    made = synthetic_id(start, every)
    assert made == synthetic_id(start + timedelta(seconds=late * every), every)
    assert made != synthetic_id(start + timedelta(seconds=every), every)
    assert str(made).startswith("00000000-0000-8000-8000-")


def test_no_real_referral_has_an_id_of_the_sandbox() -> None:
    assert (ID.version, uuid4().version) == (8, 4)


@pytest.mark.parametrize("number", range(3))
def test_an_offer_is_marked_and_names_no_details(number: int) -> None:
    decided = synthetic_offer(ID, number, book(), AT)
    (offered,) = decided.happened
    assert (offered.event, offered.inbox, offered.details) == (AssignmentOffered, "sandbox", False)
    data: Any = offered.data
    assert (data.agency, data.reasons) == ("sandbox", ("synthetic",))
    assert "synthetic" not in book().why


@given(st.lists(st.sampled_from([*KINDS, "a day passes"]), max_size=12), st.integers(0, 9))
def test_whatever_is_answered_nobody_else_is_asked_and_nothing_is_told_elsewhere(steps: list[str], number: int) -> None:
    decided = synthetic_offer(ID, number, book(), AT)
    topics = {topic for entry in JOURNAL.entries(decided, None, AT) for topic in entry["topics"]}
    for place, step in enumerate(steps, 1):
        at = AT + place * timedelta(days=1)
        result = (
            run_out(decided.referral, book(), at)
            if step == "a day passes"
            else answer(decided.referral, "sandbox", sent(step, place), book(), at)
        )
        assert result is None or isinstance(result, Decided | Rejection)
        if isinstance(result, Decided):
            decided = result
            topics |= {topic for entry in JOURNAL.entries(decided, None, at) for topic in entry["topics"]}
    assert decided.referral.assignments.keys() == {"sandbox"}
    assert {clock.kind for clock in decided.referral.clocks} <= {"answer", "dcf_written_report", "begin_work", "report_work"}
    assert topics == {"agencies.sandbox.inbox"}


@pytest.mark.parametrize("agency", ALL_AGENCIES)
def test_an_agency_has_no_part_in_the_sandbox(agency: str) -> None:
    event, data = KINDS["accepted"]
    referral = synthetic_offer(ID, 0, book(), AT).referral
    result = answer(referral, agency, builders.answer(event, agency, ID, **data), book(), AT)
    assert result is Rejection.not_assigned


def test_the_sandbox_is_on_the_bus_and_among_no_agencies() -> None:
    agencies = load_agencies(CONFIG)
    assert set(agencies.on_the_bus) - set(agencies.ids) == {"sandbox"}
    assert agencies.has_sandbox


@pytest.mark.parametrize("wrong", [{"id": "playground", "kind": "sandbox"}, {"id": "sandbox", "kind": "police"}])
def test_the_sandbox_alone_has_its_id_and_its_kind(wrong: dict[str, str]) -> None:
    coordinator = {"id": "coordinator", "name": "Coordinator", "kind": "coordinator"}
    with pytest.raises(ValueError, match="kind sandbox has the id sandbox"):
        Agencies.model_validate({"agencies": [coordinator, {"name": "Wrong"} | wrong]})


def test_the_ids_of_the_sandbox_read_as_the_time_they_were_made() -> None:
    assert UUID(int=ID.int & 0xFFFF_FFFF_FFFF).int == AT.timestamp() * 1000
