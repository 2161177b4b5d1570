"""Storms: the first go by themselves, the rest waits to be told in one, and nobody learns of it later than they may."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.directory.contacts import Seat
from services.notifications.directory.directory import load_directory
from services.notifications.notices.bundle import MOST, Place, sorted_out
from services.notifications.notices.notice import Form, Notice, notice_id
from services.notifications.plan.policy import Policy, Storms, load_policy
from services.notifications.plan.rules import Rules
from services.notifications.plan.storm import Tally
from shared.agencies import load_agencies
from shared.vocabulary import NotificationChannel, StaffRole, Urgency
from tests.unit.notifications.texts.test_message import NOTICE

CONFIG = Path("config")
DIRECTORY, POLICY = load_directory(CONFIG, load_agencies(CONFIG)), load_policy(CONFIG)
STORMS = POLICY.storms or Storms()
NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)
SEAT = Seat(agency="dcf", role=StaffRole.duty)
SEATS = [SEAT, Seat(agency="cca", role=StaffRole.supervisor), Seat(agency="coordinator", role=StaffRole.duty)]
RULES = Rules(POLICY, DIRECTORY)


def notice(number: int = 0, urgency: Urgency = Urgency.high, seat: Seat = SEAT) -> Notice:
    return replace(NOTICE, id=notice_id(NOTICE.about, seat, number), seat=seat, urgency=urgency, answer_by=None)


def test_the_first_few_go_at_once_and_the_rest_of_the_minute_waits_together() -> None:
    tally = Tally(RULES)
    placed = [tally.place(notice(n), NOON + timedelta(seconds=0.3 * n)) for n in range(200)]
    assert [one.held for one in placed[: STORMS.alone]] == [None] * STORMS.alone
    assert {one.held for one in placed[STORMS.alone :]} == {Form.storm}
    [(place, together)] = list(sorted_out(placed, DIRECTORY.contacts.mailbox))
    assert (place, len(together)) == (Place(SEAT, Urgency.high, Form.storm), 200 - STORMS.alone)


def test_a_critical_notice_is_held_up_by_no_storm_of_lesser_ones() -> None:
    tally = Tally(RULES)
    for n in range(100):
        tally.place(notice(n), NOON)
    assert tally.place(notice(100, Urgency.critical), NOON).held is None


def test_after_a_quiet_minute_notices_go_by_themselves_again() -> None:
    tally = Tally(RULES)
    for n in range(100):
        tally.place(notice(n), NOON)
    assert tally.place(notice(100), NOON + STORMS.window).held is None


def test_after_the_clock_was_set_back_notices_go_by_themselves_until_there_is_a_storm_by_the_new_time() -> None:
    tally, back = Tally(RULES), NOON - timedelta(hours=5)
    for n in range(100):
        tally.place(notice(n), NOON)
    placed = [tally.place(notice(100 + n), back + timedelta(seconds=n)).held for n in range(STORMS.alone + 1)]
    assert placed == [None] * STORMS.alone + [Form.storm]


def test_as_long_as_a_storm_lasts_nothing_goes_by_itself() -> None:
    tally = Tally(RULES)
    placed = [tally.place(notice(n), NOON + timedelta(seconds=10 * n)) for n in range(60)]
    assert all(one.held for one in placed[STORMS.alone :])


def test_an_answer_that_is_due_before_the_others_are_told_is_asked_for_at_once() -> None:
    tally = Tally(RULES)
    for n in range(10):
        tally.place(notice(n), NOON)
    soon = replace(notice(10), answer_by=NOON + STORMS.wait[Urgency.high] / 2)
    past = replace(notice(11), answer_by=NOON - timedelta(hours=1))
    assert (tally.place(soon, NOON).held, tally.place(past, NOON).held) == (None, Form.storm)


def test_what_comes_during_quiet_hours_is_told_together_when_they_end() -> None:
    morning = NOON + timedelta(hours=9)
    placed = Tally(RULES).place(replace(notice(), not_before=morning), NOON)
    assert (placed.held, placed.not_before) == (Form.rest, morning)


def test_a_machine_is_told_of_each_by_itself() -> None:
    tally = Tally(RULES)
    placed = [tally.place(replace(notice(n), channel=NotificationChannel.webhook), NOON) for n in range(50)]
    assert {one.held for one in placed} == {None}


def test_without_storms_in_the_policy_nothing_ever_waits() -> None:
    tally = Tally(Rules(POLICY.model_copy(update={"storms": None}), DIRECTORY))
    assert {tally.place(notice(n), NOON).held for n in range(50)} == {None}


def test_another_channel_has_its_time_after_the_wait_and_not_during_it() -> None:
    tally = Tally(RULES)
    two_ways = [replace(notice(n), fall_over=NOON + timedelta(minutes=2)) for n in range(10)]
    last = [tally.place(one, NOON) for one in two_ways][-1]
    assert last.not_before
    assert last.fall_over == last.not_before + POLICY.fall_over[Urgency.high]


def test_two_desks_of_one_mailbox_count_together_and_are_told_together() -> None:
    duty, coordinator = (Seat(agency="coordinator", role=role) for role in (StaffRole.duty, StaffRole.coordinator))
    tally = Tally(RULES)
    placed = [tally.place(notice(n, seat=(duty, coordinator)[n % 2]), NOON) for n in range(20)]
    [(_, together)] = list(sorted_out(placed, DIRECTORY.contacts.mailbox))
    assert len(together) == 20 - STORMS.alone


@pytest.mark.parametrize(
    "wrong", [{"wait": {"critical": "91 s", "high": "1 min", "routine": "1 min"}}, {"alone": 0}, {"wait": {}}]
)
def test_a_wait_longer_than_the_auditor_is_patient_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="storms"):
        Policy.model_validate({"notices": [], "storms": wrong})


ARRIVALS = st.lists(
    st.tuples(st.floats(0, 20), st.sampled_from(SEATS), st.sampled_from([Urgency.critical, Urgency.high, Urgency.routine])),
    max_size=150,
)


@given(pauses=ARRIVALS, alone=st.integers(1, 5))
def test_everyone_is_told_of_everything_once_and_no_later_than_it_may_wait(
    pauses: list[tuple[float, Seat, Urgency]], alone: int
) -> None:
    storms = STORMS.model_copy(update={"alone": alone})
    tally, now, came, told = Tally(Rules(POLICY.model_copy(update={"storms": storms}), DIRECTORY)), NOON, {}, {}
    desk: dict[Place, list[Notice]] = defaultdict(list)  # as in the database: one open bundle for each place

    def send_what_is_due(until: datetime) -> None:
        for place, waiting in list(desk.items()):
            due = min(one.not_before or NOON for one in waiting)
            if due <= until:
                told.update({one.id: due for one in desk.pop(place)})

    for number, (pause, seat, urgency) in enumerate(pauses):
        now += timedelta(seconds=pause)
        send_what_is_due(now)
        placed = tally.place(notice(number, urgency, seat), now)
        came[placed.id] = (now, urgency)
        if placed.held is None:
            told[placed.id] = now
        for place, some in sorted_out([placed], DIRECTORY.contacts.mailbox):
            desk[place] += some
    send_what_is_due(now + timedelta(days=1))
    assert told.keys() == came.keys()
    assert all(came[id_][0] <= when <= came[id_][0] + storms.wait[came[id_][1]] for id_, when in told.items())


@given(count=st.integers(0, 3 * MOST))
def test_no_message_tells_of_more_than_fit_and_none_is_left_out(count: int) -> None:
    held = [replace(notice(n), held=Form.storm) for n in range(count)]
    found = [some for _, some in sorted_out(held, DIRECTORY.contacts.mailbox)]
    assert [one for some in found for one in some] == held
    assert all(0 < len(some) <= MOST for some in found)


def test_a_bundle_has_room_for_all_that_one_minute_is_promised_to_bring() -> None:
    assert 200 - STORMS.alone <= MOST
