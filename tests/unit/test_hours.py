"""When an agency's desk is open: weekly hours, holidays, and the two nights on which the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.hours import ZONE, Hours

OFFICE = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:30-16:30")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


def office(**more: object) -> Hours:
    return Hours.model_validate(OFFICE | more)


def local(text: str) -> datetime:
    """A local time in Connecticut."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-25T10:00", "2026-11-25T10:00"),
        ("2026-11-25T08:29", "2026-11-25T08:30"),
        ("2026-11-25T16:30", "2026-11-27T08:30"),
        ("2026-11-28T12:00", "2026-11-30T08:30"),
    ],
)
def test_the_next_opening_is_now_or_the_next_day_that_is_no_holiday(at: str, opens: str) -> None:
    assert office(closed=["2026-11-26"]).next_opening(local(at)) == local(opens)


@pytest.mark.parametrize(
    ("friday", "monday_in_utc"), [("2027-03-12T18:00", "2027-03-15T12:30"), ("2026-10-30T18:00", "2026-11-02T13:30")]
)
def test_it_opens_at_the_same_local_time_after_the_clock_has_changed(friday: str, monday_in_utc: str) -> None:
    assert office().next_opening(local(friday)) == datetime.fromisoformat(monday_in_utc).replace(tzinfo=UTC)


def test_the_day_on_which_the_clock_goes_back_has_25_open_hours() -> None:
    sunday = Hours.model_validate({"sunday": "00:00-24:00"})
    begin = local("2026-11-01T00:00")
    assert sunday.is_open(begin + timedelta(hours=24, minutes=59))
    assert not sunday.is_open(begin + timedelta(hours=25))


@given(MOMENTS)
def test_the_next_opening_is_never_before_now_and_open(at: datetime) -> None:
    hours = office(saturday="22:00-24:00", closed=["2026-12-25"])
    opening = hours.next_opening(at)
    assert opening >= at
    assert hours.is_open(opening)
    assert hours.is_open(at) == (opening == at)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"monday": "8:30-16:30"}, "write from when to when"),
        ({"monday": "16:30-08:30"}, "ends after it begins"),
        ({"mondays": "08:30-16:30"}, "Extra inputs"),
        ({}, "name at least one day"),
    ],
)
def test_hours_that_mean_nothing_are_refused_with_what_to_write(written: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Hours.model_validate(written)


MONDAYS = [f"{datetime(2026, 1, 5, tzinfo=UTC) + timedelta(weeks=week):%Y-%m-%d}" for week in range(60)]


def test_hours_that_would_keep_it_closed_for_a_whole_year_are_refused_when_they_are_read() -> None:
    with pytest.raises(ValidationError, match="from 2026-01-05 on it would not open for a whole year"):
        Hours.model_validate({"monday": "08:30-16:30", "closed": MONDAYS})


@given(MOMENTS, st.integers(1, 51))
def test_whatever_is_accepted_opens_again(at: datetime, weeks: int) -> None:
    hours = Hours.model_validate({"monday": "08:30-16:30", "closed": MONDAYS[:weeks]})
    assert hours.next_opening(at) >= at
