"""Who is on call: turns, hand-overs, exceptions and calendars, right across clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.directory.duty_calendar import DutyCalendar
from services.notifications.directory.on_call import Schedule, load_on_call
from services.notifications.directory.rotation import Override, Rotation
from shared.hours import ZONE

PEOPLE = ("ann-1", "ben-2", "cat-3")
HAND_OVERS = st.times().map(lambda t: t.replace(second=0, microsecond=0))
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
ROTATIONS = st.builds(
    Rotation,
    people=st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True).map(tuple),
    every=st.sampled_from(["day", "week"]),
    turns=st.integers(1, 3),
    since=DAYS,
    hand_over=HAND_OVERS,
)
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


def local(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).replace(fold=fold).astimezone(UTC)


@given(ROTATIONS, MOMENTS)
def test_every_moment_is_in_one_turn_and_the_next_begins_where_it_ends(rotation: Rotation, at: datetime) -> None:
    shift = rotation.shift(at)
    assert shift.begin <= at < shift.end
    assert rotation.shift(shift.begin) == shift
    assert rotation.shift(shift.end).begin == shift.end


@given(ROTATIONS, MOMENTS)
def test_turns_go_round_so_that_nobody_is_passed_over(rotation: Rotation, at: datetime) -> None:
    begin = rotation.shift(at).begin
    found = []
    for _ in rotation.people:
        shift = rotation.shift(begin)
        found.append(shift.who)
        begin = shift.end
    assert sorted(found) == sorted(rotation.people)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_a_hand_over_is_at_the_same_time_by_the_wall_before_and_after_a_clock_change(day: date) -> None:
    rotation = Rotation(people=PEOPLE, every="day", since=date(2026, 1, 1), hand_over=time(8))
    shifts = list(rotation.shifts(local(day - timedelta(days=1), 8), local(day + timedelta(days=2), 8)))
    assert {shift.begin.astimezone(ZONE).time() for shift in shifts} == {time(8)}
    assert sorted({(shift.end - shift.begin).total_seconds() / 3600 for shift in shifts}) in ([23, 24], [24, 25])


def test_an_hour_that_comes_twice_hands_nothing_back() -> None:
    rotation = Rotation(people=PEOPLE, every="day", since=AUTUMN, hand_over=time(1, 30))
    names = [rotation.shift(local(AUTUMN, 1, 15)).who, rotation.shift(local(AUTUMN, 1, 45)).who]
    assert names == ["cat-3", "ann-1"]
    assert rotation.shift(local(AUTUMN, 1, 15, fold=1)).who == "ann-1"


def test_who_stands_in_is_on_call_for_just_that_time() -> None:
    schedule = Schedule(
        id="desk",
        rotation=Rotation(people=("ann-1",), since=date(2026, 1, 5)),
        overrides=(
            Override.model_validate({"from": "2026-12-24T08:00", "until": "2026-12-26T08:00", "who": "ben-2"}),
            Override.model_validate({"from": "2026-12-25T08:00", "until": "2026-12-25T12:00", "who": "cat-3"}),
        ),
    )
    day = date(2026, 12, 24)
    found = [(shift.begin, shift.who) for shift in schedule.shifts(local(day, 0), local(day + timedelta(days=3), 0))]
    assert found == [
        (local(day, 0), "ann-1"),
        (local(day, 8), "ben-2"),
        (local(date(2026, 12, 25), 8), "cat-3"),
        (local(date(2026, 12, 25), 12), "ben-2"),
        (local(date(2026, 12, 26), 8), "ann-1"),
    ]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:nights
DTSTART;TZID=America/New_York:20261026T200000
DTEND;TZID=America/New_York:20261027T080000
RRULE:FREQ=DAILY
EXDATE;TZID=America/New_York:20261103T200000
SUMMARY:ann-1
END:VEVENT
BEGIN:VEVENT
UID:cover
DTSTART;TZID=America/New_York:20261101T220000
DTEND;TZID=America/New_York:20261101T230000
SUMMARY:ben-2
END:VEVENT
END:VCALENDAR
"""


def calendar(folder: Path, text: str = CALENDAR, otherwise: str = "") -> Schedule:
    (folder / "nights.ics").write_text(text)
    spare = f", otherwise: {otherwise}" if otherwise else ""
    (folder / "on-call.yaml").write_text(f"schedules: [{{id: nights, calendar: nights.ics{spare}}}]")
    return load_on_call(folder).by_id["nights"]


def test_a_calendar_with_recurrence_and_exceptions_says_who_is_on_call(tmp_path: Path) -> None:
    schedule = calendar(tmp_path)
    assert schedule.who(local(AUTUMN, 21)) == "ann-1"
    assert schedule.who(local(AUTUMN, 22, 30)) == "ben-2"
    assert schedule.who(local(AUTUMN, 12)) is None
    assert schedule.who(local(date(2026, 11, 3), 21)) is None


def test_a_calendars_night_has_an_hour_more_when_clocks_go_back(tmp_path: Path) -> None:
    begin = local(date(2026, 10, 31), 20)
    shift = next(calendar(tmp_path).shifts(begin, begin + timedelta(days=1)))
    assert (shift.who, (shift.end - shift.begin).total_seconds() / 3600) == ("ann-1", 13)


def test_where_the_calendar_has_nobody_the_one_named_for_that_is_on_call(tmp_path: Path) -> None:
    assert calendar(tmp_path, otherwise="cat-3").who(local(AUTUMN, 12)) == "cat-3"


@given(at=MOMENTS)
def test_a_schedule_agrees_with_its_own_list_of_shifts(at: datetime, tmp_path_factory: pytest.TempPathFactory) -> None:
    schedule = calendar(tmp_path_factory.mktemp("calendar"))
    for shift in schedule.shifts(at, at + timedelta(days=2)):
        assert shift.who == (schedule.who(shift.begin) or "")
        assert shift.begin < shift.end


OUTLOOK = """BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SUMMARY:ann-1
DTSTART;TZID="Eastern Standard Time":20261030T200000
DTEND;TZID="Eastern Standard Time":20261031T080000
RRULE:FREQ=DAILY;COUNT=5
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_turns_in_outlooks_own_zone_end_at_the_same_time_by_the_wall_around_a_clock_change(tmp_path: Path, day: date) -> None:
    first, second = (f"{day - timedelta(days=days):%Y%m%d}" for days in (2, 1))
    schedule = calendar(tmp_path, OUTLOOK.replace("20261030", first).replace("20261031", second))
    shifts = [*schedule.shifts(local(day - timedelta(days=2), 12), local(day + timedelta(days=1), 12))]
    turns = [one for one in shifts if one.who == "ann-1"]
    assert [(one.begin.astimezone(ZONE).hour, one.end.astimezone(ZONE).hour) for one in turns] == [(20, 8)] * 3
    assert {(one.end - one.begin).total_seconds() / 3600 for one in turns} in ({11, 12}, {12, 13})


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;BYMINUTE=1,2,3", "FREQ=DAILY;BYHOUR=1,2;BYSECOND=1,2"],
)
def test_a_calendar_that_would_keep_us_busy_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="a turn may repeat by days"):
        DutyCalendar(CALENDAR.replace("FREQ=DAILY", rule).encode())


def test_a_calendar_of_very_many_series_is_refused() -> None:
    head, event, tail = CALENDAR.partition("BEGIN:VEVENT\n")
    one = event + tail.partition("BEGIN:VEVENT")[0]
    with pytest.raises(ValueError, match="200 of them repeating"):
        DutyCalendar((head + one * 201 + "END:VCALENDAR\n").encode())


def test_a_calendar_at_an_address_that_was_never_read_has_nobody() -> None:
    schedule = Schedule(id="nights", calendar="https://calendar.example/nights.ics?key=1")
    [shift] = schedule.shifts(local(AUTUMN, 0), local(AUTUMN, 12))
    assert (shift.who, shift.end) == ("", local(AUTUMN, 12))


@pytest.mark.parametrize("written", ["http://calendar.example/a.ics", "ftp://example/a", "https://calendar example/", ""])
def test_a_secret_address_is_https_or_refused_without_being_repeated(tmp_path: Path, written: str) -> None:
    (tmp_path / "nights").write_text(written)
    with pytest.raises(ValueError, match="nights: its calendar's address has to begin with https") as error:
        Schedule(id="nights", calendar="secret:nights").address(tmp_path)
    assert "example" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("schedules: [{id: a, calendar: 'http://calendar.example/a.ics'}]", "schedules.0.calendar"),
        ("schedules: [{id: a, calendar: 'file:///etc/passwd'}]", "schedules.0.calendar"),
        ("schedules: [{id: a, calendar: 'secret:../../a'}]", "schedules.0.calendar"),
        ("schedules: [{id: a}]", "write a rotation or a calendar"),
        ("schedules: [{id: a, calendar: none.ics}]", "none.ics: this cannot be read as a calendar"),
        ("schedules: [{id: a, calendar: ../secret.ics}]", "schedules.0.calendar"),
        ("- a list", "Input should be a valid dictionary"),
    ],
)
def test_a_mistake_is_refused_at_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "on-call.yaml").write_text(text)
    with pytest.raises(ValueError, match=complaint):
        load_on_call(tmp_path)
