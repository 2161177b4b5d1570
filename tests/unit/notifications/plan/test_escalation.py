"""While nobody answers: each step once, in order, never silent before an answer, and nothing after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.directory.directory import load_directory
from services.notifications.plan.escalation import SLOWEST, Ended, Escalation, left, opened, stopped, take_step, wait
from services.notifications.plan.plan import Occasion
from services.notifications.plan.policy import Policy, Step, load_policy
from services.notifications.plan.projection import project
from services.notifications.plan.rules import Rules
from shared.agencies import load_agencies
from shared.events.routing import ActivityEvent
from shared.vocabulary import ClockKind, EscalationLevel, StaffRole, Urgency
from tests.activity import Life

CONFIG = Path("config")
POLICY = load_policy(CONFIG)
RULES = Rules(POLICY, load_directory(CONFIG, load_agencies(CONFIG)))
NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DURATIONS = st.integers(1, 3 * 24 * 60).map(lambda minutes: f"{minutes} min")
STEPS = st.lists(st.builds(lambda after: {"after": after, "tell": ["duty"]}, DURATIONS), min_size=1, max_size=4)


def occasion(event: ActivityEvent, urgency: Urgency = Urgency.critical) -> Occasion:
    return Occasion(event, urgency, NOON)


def begun(event: ActivityEvent) -> Escalation:
    found = opened(occasion(event), RULES)
    assert found
    return found


def steps(written: Any, every: str | None = None) -> tuple[Step, ...]:
    last = {**written[-1], **({"every": every} if every else {})}
    return tuple(Step.model_validate(step) for step in [*written[:-1], last])


def test_a_critical_offer_that_nobody_answers_goes_to_the_desk_again_then_up_and_up_again() -> None:
    told = [
        (one.at - NOON, one.notice.kind, one.holder.reach.address) for one in project(occasion(Life().offered("dcf")), RULES, 4)
    ]
    assert told == [
        (0 * MINUTE, "offered", "duty@dcf.example"),
        (0 * MINUTE, "offered", "supervisor@dcf.example"),
        (5 * MINUTE, "reminded", "duty@dcf.example"),
        (5 * MINUTE, "reminded", "supervisor@dcf.example"),
        (8 * MINUTE, "escalated", "coordinator@taskforce.example"),
        (23 * MINUTE, "escalated", "coordinator@taskforce.example"),
        (53 * MINUTE, "escalated", "coordinator@taskforce.example"),
    ]


@pytest.mark.parametrize("urgency", [Urgency.high, Urgency.routine])
def test_what_is_less_urgent_is_left_to_routings_clocks(urgency: Urgency) -> None:
    assert opened(occasion(Life().offered("dcf"), urgency), RULES) is None


def test_every_message_says_why_it_is_sent() -> None:
    reasons = [one.reasons for one in project(occasion(Life().offered("nowhere-pd")), RULES, 1)]
    assert reasons[0] == ("assignment.offered tells duty", "the coordinator stands in, as nobody holds duty")
    assert reasons[-1][0] == "step 1: nobody has answered assignment.offered"


def test_the_most_that_can_be_left_until_a_step_is_the_pause_before_it() -> None:
    escalation, now = begun(Life().offered("dcf")), NOON
    for _ in range(30):
        assert left(escalation, RULES) == escalation.due - now
        now = escalation.due
        after = take_step(escalation, RULES, now).after
        assert after
        escalation = after


@given(STEPS, st.integers(0, 100))
def test_a_repeated_last_step_comes_ever_more_slowly_and_never_ends(written: Any, taken: int) -> None:
    found = steps(written, every="10 min")
    pause, later = wait(found, len(found) + taken), wait(found, len(found) + taken + 1)
    assert pause
    assert later
    assert timedelta() < pause <= later <= SLOWEST


@given(STEPS)
def test_steps_that_are_not_repeated_come_to_an_end(written: Any) -> None:
    found = steps(written)
    assert all(wait(found, taken) for taken in range(len(found)))
    assert wait(found, len(found)) is None


@given(st.integers(0, 8))
def test_a_step_taken_twice_makes_the_same_notices(taken: int) -> None:
    escalation = replace(begun(Life().offered("dcf")), taken=taken)
    first = take_step(escalation, RULES, NOON)
    again = take_step(escalation, RULES, NOON + MINUTE)
    assert [notice.id for notice in first.notices] == [notice.id for notice in again.notices]


def test_each_step_has_notices_of_its_own() -> None:
    ids = [one.notice.id for one in project(occasion(Life().offered("dcf")), RULES)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (Life().accepted("dcf"), Ended.accepted),
        (Life().declined("dcf"), Ended.declined),
        (Life().expired("dcf"), Ended.overtaken),
        (Life().revoked("dcf"), Ended.overtaken),
    ],
)
def test_an_answer_or_an_end_of_the_agencys_part_stops_what_that_agency_was_asked(event: ActivityEvent, why: Ended) -> None:
    stop = stopped(occasion(event))
    assert stop
    assert (stop.agency, stop.why) == ("dcf", why)


def test_other_events_stop_nothing() -> None:
    life = Life()
    for event in (life.routed(), life.offered("dcf"), life.missed(ClockKind.unassigned)):
        assert stopped(occasion(event)) is None


def test_only_reminders_wait_for_an_answer_the_offer_itself_is_told_in_any_case() -> None:
    told = list(project(occasion(Life().offered("dcf")), RULES, 2))
    assert [one.notice.awaits for one in told] == [None, None, "dcf", "dcf", "dcf"]
    escalated = next(project(occasion(Life().escalated("dcf", EscalationLevel.supervisor)), RULES))
    assert escalated.notice.awaits == "dcf"


def test_a_policy_that_has_become_shorter_meanwhile_ends_or_goes_on_with_its_last_step() -> None:
    escalation = replace(begun(Life().offered("dcf")), taken=3)
    line = POLICY.notices[0]
    shorter = Policy(
        notices=(line.model_copy(update={"unanswered": {Urgency.critical: steps([{"after": "1 min", "tell": ["duty"]}])}}),)
    )
    turn = take_step(escalation, Rules(shorter, RULES.directory), NOON)
    assert ([notice.seat.role for notice in turn.notices], turn.after) == ([StaffRole.duty], None)
    gone = take_step(escalation, Rules(Policy(notices=()), RULES.directory), NOON)
    assert (gone.notices, gone.after) == ([], None)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"when": "clock.missed"}, "clock.missed is not answered by anyone"),
        ({"unanswered": {"high": [{"after": "1 min", "tell": ["duty"], "every": "1 h"}] * 2}}, "`every` is for the last step"),
        ({"unanswered": {"high": [{"after": "soon", "tell": ["duty"]}]}}, "write a number and s, min, h or d"),
        ({"unanswered": {"high": [{"after": "1 min", "tell": []}]}}, "at least 1 item"),
    ],
)
def test_a_mistake_in_the_steps_is_refused(tmp_path: Path, change: Any, complaint: str) -> None:
    document = yaml.safe_load((CONFIG / "notices.yaml").read_text())
    document["notices"][0].update(change)
    (tmp_path / "notices.yaml").write_text(yaml.safe_dump(document))
    with pytest.raises(ValueError, match=complaint):
        load_policy(tmp_path)
