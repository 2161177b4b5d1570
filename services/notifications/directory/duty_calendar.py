"""An on-call plan kept in a calendar program: iCalendar, whose events name who is on call. Pure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from services.notifications.directory.rotation import Shift

_MIDNIGHT = datetime.min.time()


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
    """The events of a file, none before it is read; an event's title is the handle of a person in staff.yaml. Where two are at
    once, the one that began later holds, as it was put over the other."""

    def __init__(self, text: bytes | None = None) -> None:
        """ValueError where the file is no calendar, or one of which days would take long to work out."""
        self._between = _nobody if text is None else _reader()(text)
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
        found = self._between(begin, begin + timedelta(days=1))
        return tuple(sorted(found, key=lambda shift: shift.begin, reverse=True))


def _nobody(*_: datetime) -> list[Shift]:
    return []


def _reader() -> Callable[[bytes], Callable[[datetime, datetime], list[Shift]]]:
    from services.notifications.directory.icalendar_shifts import shifts_of  # noqa: PLC0415  # see there

    return shifts_of
