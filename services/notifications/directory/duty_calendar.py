"""An on-call plan kept in a calendar program: iCalendar, whose events name who is on call. Pure."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component, Event

from services.notifications.directory.quiet import moment
from services.notifications.directory.rotation import Shift
from shared.hours import ZONE

_MIDNIGHT = datetime.min.time()
_EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//referral-bus//\r\nEND:VCALENDAR\r\n"
_MOST_EVENTS, _MOST_SERIES = 5000, 200
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_TOO_FINE = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


class CalendarTrouble(StrEnum):
    """Why a calendar could not be read. A closed set: it is a metric label."""

    unreachable = "unreachable"
    """No connection, no TLS that holds, or no answer in time."""
    refused = "refused"
    """It answered something other than a calendar: a redirect, an error."""
    not_public = "not_public"
    """Its name leads into our own network."""
    too_long = "too_long"
    """It is longer than a megabyte."""
    unusable = "unusable"
    """What came is no calendar, or names turns in a way that we do not take."""


class Unread(Exception):
    """It could not be read."""

    def __init__(self, trouble: CalendarTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class DutyCalendar:
    """The events of a file; an event's title is the handle of a person in staff.yaml. Where two overlap, the one that
    began later holds, as it was put over the other."""

    def __init__(self, text: bytes = _EMPTY) -> None:
        """ValueError where the file is no calendar, or one of which days would take long to work out."""
        calendar = Calendar.from_ical(text)
        if not isinstance(calendar, Calendar):
            raise ValueError("this is no calendar")
        _refuse_endless_work(calendar)
        self._query = recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=False)
        self._of_day = lru_cache(maxsize=64)(self._read_day)

    def shifts(self, at: datetime) -> list[Shift]:
        """Everyone on call at this moment, whoever began last first."""
        return [shift for shift in self._of_day(at.date()) if shift.begin <= at < shift.end]

    def next_change(self, at: datetime) -> datetime:
        """When somebody begins or ends next, a day later at most."""
        changes = [edge for shift in self._of_day(at.date()) for edge in shift[:2] if edge > at]
        midnight = datetime.combine(at.date() + timedelta(days=1), _MIDNIGHT, UTC)
        return min([*changes, midnight])

    def _read_day(self, day: date) -> tuple[Shift, ...]:
        begin = datetime.combine(day, _MIDNIGHT, UTC)
        found = [_shift(event) for event in self._query.between(begin, begin + timedelta(days=1))]
        return tuple(sorted(found, key=lambda shift: shift.begin, reverse=True))


def _refuse_endless_work(calendar: Calendar) -> None:
    """Whoever sends us a calendar must not be able to keep us busy with it."""
    events = calendar.walk("VEVENT")
    rules = [rule for event in events for rule in _rules(event)]
    if len(events) > _MOST_EVENTS or len(rules) > _MOST_SERIES:
        raise ValueError(f"write at most {_MOST_EVENTS} events, {_MOST_SERIES} of them repeating")
    if any(_TOO_OFTEN & set(rule.get("FREQ", ())) or _TOO_FINE & set(rule) for rule in rules):
        raise ValueError("a turn may repeat by days, weeks, months or years, and not more often")


def _rules(event: Component) -> list[Any]:
    found = event.get("RRULE", [])
    return found if isinstance(found, list) else [found]


def _shift(event: Event) -> Shift:
    return Shift(_moment(event.start), _moment(event.end), _title(event))


def _title(event: Event) -> str:
    return str(event.get("SUMMARY", "")).strip()


def _moment(written: date) -> datetime:
    """Whole days, and times without a zone, are those of the clock on the wall here."""
    if not isinstance(written, datetime):
        return moment(written, _MIDNIGHT)
    return (written if written.tzinfo else written.replace(tzinfo=ZONE)).astimezone(UTC)
