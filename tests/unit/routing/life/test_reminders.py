"""An agency is reminded once before its answer is due, and not when nothing is left to answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.routing.life.turn import Decided
from services.routing.turns.expiry import run_out
from tests.unit.routing.cases import (
    AT,
    Answers,
    accept,
    adult,
    book,
    child,
    decline,
    happened,
    names,
    routed,
    supplement,
    withdraw,
)
from tests.unit.routing.commands.test_discretion import done, order

HOUR = timedelta(hours=1)


def at(decided: Decided, time: timedelta) -> Decided | None:
    return run_out(decided.referral, book(), AT + time)


def reminded(decided: Decided | None) -> list[str]:
    return [one.agency for one in happened(decided, "AssignmentReminded")] if decided else []


@pytest.mark.parametrize(
    ("facts", "before", "due"),
    [
        (adult(immediate_danger=True), timedelta(minutes=5), timedelta(minutes=15)),
        (child(), timedelta(minutes=30), 2 * HOUR),
        (adult(), 4 * HOUR, 24 * HOUR),
    ],
)
def test_whoever_has_not_answered_is_reminded_in_time_with_the_reasons_and_the_moment(
    facts: dict[str, Any], before: timedelta, due: timedelta
) -> None:
    asked = Answers().all(routed(**facts), accept("cca"))  # so that no other clock is due meanwhile
    assert at(asked, due - before - timedelta(seconds=1)) is None
    told = at(asked, due - before)
    assert "cca" not in reminded(told)
    assert "hartford-pd" in reminded(told)
    data = happened(told, "AssignmentReminded")[0]  # type: ignore[arg-type]
    assert data.answer_by == AT + due
    assert data.reasons == asked.referral.assignments[data.agency].reasons


def test_a_reminder_comes_once_and_goes_to_the_agencys_inbox() -> None:
    asked = Answers().all(routed(**child()), accept("cca"))
    told = at(asked, 2 * HOUR - timedelta(minutes=30))
    assert told is not None
    assert reminded(told) == ["dcf", "hartford-pd"]
    assert [one.inbox for one in told.happened] == ["dcf", "hartford-pd"]
    assert at(told, 2 * HOUR - timedelta(minutes=1)) is None
    assert "AssignmentExpired" in names(at(told, 2 * HOUR))  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [accept, decline])
def test_an_answer_stops_the_reminder(answer: object) -> None:
    told = Answers()
    answered = told.all(routed(**child()), accept("cca"), answer("dcf"))  # type: ignore[operator]
    assert "dcf" not in reminded(at(answered, 2 * HOUR - timedelta(minutes=30)))


def test_a_withdrawal_and_a_revocation_stop_the_reminder() -> None:
    first = Answers().all(routed(**adult()), accept("cca"))
    assert at(withdraw(first.referral), 20 * HOUR) is None
    excluded = supplement(first.referral, **adult(excluded_agencies=("hartford-pd",)))
    assert "hartford-pd" not in reminded(at(excluded, 20 * HOUR))


def test_the_end_of_the_referral_stops_the_reminder_whoever_ends_it() -> None:
    first = Answers().all(routed(**adult()), accept("cca"))
    assert "hartford-pd" in reminded(at(first, 20 * HOUR))
    for ended in (
        order(first.referral, "close", reason="moved"),
        order(first.referral, "screen-out", reason="not_trafficking"),
    ):
        assert at(done(ended), 20 * HOUR) is None


def test_the_coordinator_whose_offer_never_expires_is_not_reminded_of_it() -> None:
    asked = routed(**adult(release="not_given"))
    assert reminded(at(asked, 20 * HOUR)) == []


def test_after_an_outage_that_lasted_past_the_answer_nobody_is_reminded() -> None:
    late = at(routed(**child()), 3 * HOUR)
    assert reminded(late) == []
    assert "AssignmentExpired" in names(late)  # type: ignore[arg-type]


def test_where_the_urgency_rises_the_reminder_comes_sooner() -> None:
    first = Answers().all(routed(**adult()), accept("cca"))
    risen = supplement(first.referral, **adult(immediate_danger=True))
    assert "hartford-pd" in reminded(at(risen, timedelta(minutes=11)))
