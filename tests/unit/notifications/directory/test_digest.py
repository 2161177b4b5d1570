"""The digest: at the hour that was asked for, by the wall of whoever asked, and only of what can wait."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.notifications.directory.contacts import Contacts
from services.notifications.directory.digest import Digest, DigestWish
from services.notifications.directory.directory import Directory, load_directory
from services.notifications.directory.on_call import OnCall
from services.notifications.directory.staff import Staff
from services.notifications.notices.notice import Form, Notice
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.policy import Policy, load_policy
from services.notifications.plan.projection import project
from services.notifications.plan.rules import Rules
from shared.agencies import load_agencies
from shared.events.routing import ActivityEvent
from shared.vocabulary import EscalationLevel, StaffRole, Urgency
from tests.activity import Life

CONFIG = Path("config")
NEW_YORK, CHICAGO = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)
WISH: TypeAdapter[Digest] = TypeAdapter(DigestWish)


def wants(digest: str, **more: Any) -> Rules:
    """The directory that ships, where the duty desk and the supervisor of dcf want a digest."""
    shipped = load_directory(CONFIG, load_agencies(CONFIG)).contacts.model_dump(exclude_defaults=True)
    for desk in shipped["contacts"]["dcf"]:
        desk |= {"digest": digest, **more}
    shipped["contacts"]["cca"] = [desk for desk in shipped["contacts"]["cca"] if desk["role"] is StaffRole.duty]
    return Rules(load_policy(CONFIG), Directory(Contacts.model_validate(shipped), Staff(), OnCall()))


def told(event: ActivityEvent, urgency: Urgency = Urgency.routine, rules: Rules | None = None) -> Notice:
    """What the first of those who are told gets."""
    return decide(Occasion(event, urgency, NOON), rules or wants("daily 08:00"))[0]


def test_what_can_wait_is_held_until_the_hour_that_was_asked_for() -> None:
    notice = told(Life().revoked("dcf"))
    assert notice.held is Form.digest
    assert notice.not_before == datetime(2026, 11, 26, 13, tzinfo=UTC)


def test_trying_a_case_says_that_it_waits_for_the_digest() -> None:
    [one] = project(Occasion(Life().revoked("dcf"), Urgency.routine, NOON), wants("daily 08:00"))
    assert (one.at, one.reasons[-1]) == (one.notice.not_before, "in their digest then, as it can wait")


def test_whoever_wants_no_digest_is_told_at_once() -> None:
    assert told(Life().revoked("cca")).held is None


@pytest.mark.parametrize("urgency", [Urgency.high, Urgency.critical, Urgency.unrecognized])
def test_nothing_but_routine_waits_for_a_digest(urgency: Urgency) -> None:
    assert told(Life().revoked("dcf"), urgency).held is None


def test_what_has_to_be_answered_never_waits_for_a_digest() -> None:
    assert told(Life().offered("dcf")).held is None
    assert told(Life().escalated("dcf", EscalationLevel.supervisor)).held is None
    answered = {"when": "assignment.offered", "kind": "offered", "tell": [{"role": "duty"}], "digest": True}
    with pytest.raises(ValueError, match="has to be answered"):
        Policy.model_validate({"notices": [answered]})


def test_the_hour_is_that_of_the_recipients_own_zone() -> None:
    assert told(Life().revoked("dcf"), rules=wants("daily 08:00", zone="America/Chicago")).not_before == datetime(
        2026, 11, 26, 14, tzinfo=UTC
    )


def test_quiet_hours_are_those_of_the_recipients_own_zone() -> None:
    rules = wants("daily 08:00", zone="America/Los_Angeles", quiet="07:00-12:00")
    assert told(Life().offered("dcf"), rules=rules).not_before == datetime(2026, 11, 25, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wish", "now", "then"),
    [
        ("daily 08:00", "2026-11-25 07:59", "2026-11-25 08:00"),
        ("daily 08:00", "2026-11-25 08:00", "2026-11-26 08:00"),
        ("monday 08:00", "2026-11-25 12:00", "2026-11-30 08:00"),
        ("monday 08:00", "2026-11-30 08:00", "2026-12-07 08:00"),
        # Spring: 02:30 does not exist on March 14, and is an hour later by the clock.
        ("daily 02:30", "2027-03-13 12:00", "2027-03-14 03:30"),
        # Autumn: 01:30 comes twice on November 7; the first is meant, and the second is none.
        ("daily 01:30", "2027-11-06 12:00", "2027-11-07 01:30"),
        ("daily 01:30", "2027-11-07 01:45", "2027-11-08 01:30"),
    ],
)
def test_the_next_digest_is_right_across_clock_changes(wish: str, now: str, then: str) -> None:
    at, due = (datetime.fromisoformat(one).replace(tzinfo=NEW_YORK) for one in (now, then))
    assert WISH.validate_python(wish).after(at.astimezone(UTC)) == due.astimezone(UTC)


@given(
    st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None)),
    st.none() | st.integers(0, 6),
    st.sampled_from([NEW_YORK, CHICAGO, ZoneInfo("Europe/Madrid"), ZoneInfo("Pacific/Apia"), ZoneInfo("UTC")]),
)
def test_there_is_always_a_next_one_within_its_period(now: datetime, at: Any, day: int | None, zone: ZoneInfo) -> None:
    when = Digest(at=at, day=day).after(now, zone)
    assert now < when <= now + timedelta(days=1 if day is None else 7, hours=1)
    assert day is None or (when.astimezone(zone) - timedelta(hours=1)).weekday() in (day, (day - 1) % 7)


@pytest.mark.parametrize("wrong", ["daily", "08:00", "daily 8:00", "sometimes 08:00", "daily 24:00", 8, None])
def test_a_wish_that_says_no_time_is_refused_with_an_example(wrong: Any) -> None:
    with pytest.raises(ValueError, match="daily 08:00"):
        WISH.validate_python(wrong)


def test_a_zone_that_does_not_exist_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match="America/Chicago"):
        wants("daily 08:00", zone="Mars/Olympus")
