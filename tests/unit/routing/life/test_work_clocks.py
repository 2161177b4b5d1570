"""An agency that has taken its part shows that it works on it, again and again, or those above it are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.routing.keeping.queues import Queue, standing
from services.routing.life.clocks import WORK
from services.routing.life.turn import Decided
from services.routing.turns.expiry import run_out
from tests.unit.routing.cases import (
    AT,
    KINDS,
    Answers,
    accept,
    adult,
    book,
    complete,
    happened,
    progress,
    routed,
    withdraw,
)
from tests.unit.routing.commands.test_discretion import done, order

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
ACCEPTED = AT + timedelta(minutes=2)
"""When agencies answer in these tests."""
WORDS = {name: told for name, told in KINDS.items() if name not in ("accepted", "declined", "completed")}


def taken() -> tuple[Decided, Answers]:
    """Both agencies have taken their part, and the victim was contacted by the coordinator's own staff meanwhile."""
    answers = Answers()
    decided = answers.all(routed(**adult()), accept("cca"), accept("hartford-pd"), progress("cca", "victim_contacted"))
    return decided, answers


def owed(decided: Decided, agency: str) -> list[tuple[str, timedelta]]:
    """What the agency owes, and how long after its answer."""
    return [(one.kind.value, one.due - ACCEPTED) for one in decided.referral.clocks if one.agency == agency]


def after(decided: Decided, time: timedelta) -> Decided:
    result = run_out(decided.referral, book(), ACCEPTED + time)
    assert result is not None
    return result


def told(decided: Decided) -> list[tuple[str, str, str]]:
    return [(e.level.value, e.agency, e.clock.value) for e in happened(decided, "ReferralEscalated")]


@pytest.mark.parametrize(("facts", "hours"), [(adult(immediate_danger=True), 2), (adult(minor="yes"), 24), (adult(), 72)])
def test_an_acceptance_starts_the_time_to_begin_by_urgency(facts: dict[str, Any], hours: int) -> None:
    accepted = Answers().all(routed(**facts), accept("hartford-pd"))
    assert owed(accepted, "hartford-pd") == [("begin_work", hours * HOUR)]
    (told_,) = happened(accepted, "AssignmentAccepted")
    assert [(e.clock, e.agency, e.due) for e in told_.clocks] == [("begin_work", "hartford-pd", ACCEPTED + hours * HOUR)]


@pytest.mark.parametrize("word", WORDS)
def test_any_word_of_work_is_one_and_the_next_is_owed_from_then_on(word: str) -> None:
    decided, answers = taken()
    kind, data = WORDS[word]
    heard = answers(decided.referral, "hartford-pd", kind, ACCEPTED + 5 * HOUR, **data)
    assert isinstance(heard, Decided)
    assert owed(heard, "hartford-pd") == [("report_work", 5 * HOUR + 14 * DAY)]
    assert [e.clock.value for e in happened(heard, "ClockMet") if e.agency] == ["begin_work"]
    (owed_now,) = heard.happened[0].data.clocks  # type: ignore[attr-defined]
    assert (owed_now.clock, owed_now.agency) == ("report_work", "hartford-pd")
    again = answers(heard.referral, "hartford-pd", kind, ACCEPTED + 9 * DAY, **data)
    assert isinstance(again, Decided)
    assert owed(again, "hartford-pd") == [("report_work", 23 * DAY)]


def test_a_mandated_report_recorded_at_the_desk_is_a_word_of_work() -> None:
    decided, _ = taken()
    made = {"called_by": "social_worker", "made_at": ACCEPTED, "reference": "AB123456"}
    recorded = done(order(decided.referral, "oral-report", by="hartford-pd", **made))
    assert [kind for kind, _ in owed(recorded, "hartford-pd")] == ["report_work"]


def test_a_part_taken_before_these_clocks_existed_gets_the_one_it_lacks_when_the_referral_is_due() -> None:
    answers = Answers()
    decided = answers.all(routed(**adult()), accept("cca"), accept("hartford-pd"), progress("cca", "victim_contacted"))
    old = decided.referral._replace(clocks=tuple(clock for clock in decided.referral.clocks if clock.kind not in WORK))
    result = run_out(old, book(), ACCEPTED)
    assert result is not None
    assert {(one.kind, one.agency) for one in result.referral.clocks if one.kind in WORK} == {
        ("report_work", "cca"),
        ("begin_work", "hartford-pd"),
    }
    assert len(happened(result, "ClockStarted")) == 2
    assert run_out(result.referral, book(), ACCEPTED) is None


def test_who_has_completed_owes_nothing() -> None:
    decided, answers = taken()
    assert owed(answers.all(decided, complete("hartford-pd")), "hartford-pd") == []


def test_who_was_revoked_or_withdrawn_from_owes_nothing() -> None:
    decided, _ = taken()
    revoked = done(order(decided.referral, "revoke", agency="hartford-pd", reason="not_needed"))
    assert owed(revoked, "hartford-pd") == []
    assert withdraw(decided.referral).referral.clocks == ()


def test_a_part_that_nobody_works_on_goes_to_its_supervisor_then_to_the_coordinator_and_stays_with_the_agency() -> None:
    decided, answers = taken()
    missed = after(decided, 72 * HOUR)
    assert [(e.clock.value, e.agency) for e in happened(missed, "ClockMissed")] == [("begin_work", "hartford-pd")]
    assert told(missed) == [("supervisor", "hartford-pd", "begin_work")]
    assert missed.referral.assignments["hartford-pd"].status == "accepted"
    for days in (4, 5, 6):
        missed = after(missed, days * DAY)
        assert told(missed) == [("coordinator", "hartford-pd", "begin_work")]
    stands = standing(missed.referral)
    assert stands is not None
    assert Queue.overdue in stands.queues
    begun = answers.all(missed, progress("hartford-pd", "work_started"))
    stands = standing(begun.referral)
    assert stands is not None
    assert Queue.overdue not in stands.queues


def test_an_agency_at_work_that_falls_silent_is_told_of_each_day_and_not_each_hour() -> None:
    critical = Answers().all(
        routed(**adult(immediate_danger=True)),
        *[step for a in ("hartford-pd", "cca", "coordinator") for step in (accept(a), progress(a, "victim_contacted"))],
        complete("cca"),
        complete("coordinator"),
    )
    missed = after(critical, 14 * DAY)
    assert told(missed) == [("supervisor", "hartford-pd", "report_work")]
    assert missed.referral.next_due == ACCEPTED + 15 * DAY


def test_the_coordinators_own_silence_is_told_to_the_coordinator() -> None:
    accepted = Answers().all(routed(**adult(release="not_given")), accept("coordinator"))
    assert told(after(accepted, 72 * HOUR)) == [("coordinator", "coordinator", "begin_work")]


def test_where_the_urgency_rises_work_has_to_begin_sooner() -> None:
    decided, _ = taken()
    risen = done(order(decided.referral, "urgency", urgency="critical", reason="new_information"))
    assert owed(risen, "hartford-pd")[0][1] < 3 * HOUR
