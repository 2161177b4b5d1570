"""An agency that is closed has its time to answer from its next opening on, where that may wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.routing.life.turn import Decided
from services.routing.rules.book import RuleBook
from services.routing.turns.intake import take
from shared.agencies import Agencies
from shared.testing import builders
from tests.unit.routing.cases import adult, begun, book, child, happened

FRIDAY_NIGHT = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)  # 20:00 local time on Friday
MONDAY_OPENING = datetime(2026, 11, 30, 13, 30, tzinfo=UTC)


def with_office_hours() -> RuleBook:
    """The shipped rules, with advocates who are there on weekdays."""
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:30-16:30")
    written = book().agencies.model_dump(mode="json")
    for agency in written["agencies"]:
        agency["hours"] = days if agency["id"] == "cca" else None
    return replace(book(), agencies=Agencies.model_validate(written))


def answer_by(decided: Decided) -> dict[str, datetime]:
    return {offer.agency: offer.answer_by for offer in happened(decided, "AssignmentOffered")}


def received(at: datetime, **facts: Any) -> Decided:
    decided = take(None, builders.received(**facts), with_office_hours(), at)
    assert decided is not None
    return decided


def test_a_routine_offer_to_a_closed_agency_is_due_from_its_opening_on_and_to_others_from_now_on() -> None:
    due = answer_by(received(FRIDAY_NIGHT, **adult()))
    assert due == {"hartford-pd": FRIDAY_NIGHT + timedelta(hours=24), "cca": MONDAY_OPENING + timedelta(hours=24)}


def test_while_it_is_open_its_time_runs_from_now_on() -> None:
    at = MONDAY_OPENING + timedelta(hours=1)
    assert answer_by(received(at, **adult()))["cca"] == at + timedelta(hours=24)


@pytest.mark.parametrize(
    ("facts", "length"), [(child(), timedelta(hours=2)), (adult(immediate_danger=True), timedelta(minutes=15))]
)
def test_nothing_urgent_waits_for_an_opening(facts: dict[str, Any], length: timedelta) -> None:
    due = answer_by(received(FRIDAY_NIGHT, **facts))
    assert set(due.values()) == {FRIDAY_NIGHT + length}
    assert "cca" in due


def test_no_other_clock_waits_for_an_opening() -> None:
    decided = received(FRIDAY_NIGHT, **adult())
    lengths = {clock.clock: clock.due - FRIDAY_NIGHT for clock in begun(decided) if clock.clock != "answer"}
    assert lengths == {"unassigned": timedelta(hours=1), "advocate_contact": timedelta(hours=72)}
