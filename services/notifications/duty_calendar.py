"""An on-call plan kept in a calendar program: an iCalendar file whose events name who is on call."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import recurring_ical_events
from icalendar import Calendar, Event

from services.notifications.quiet import moment
from services.notifications.rotation import Shift
from shared.hours import ZONE

_MIDNIGHT = datetime.min.time()


class DutyCalendar:
    """The events of a file; an event's title is the handle of a person in staff.yaml. Where two overlap, the one that
    began later holds, as it was put over the other."""

    def __init__(self, text: bytes) -> None:
        """ValueError where the file is no calendar."""
        self._query = recurring_ical_events.of(Calendar.from_ical(text), components=["VEVENT"], skip_bad_series=False)
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


def _shift(event: Event) -> Shift:
    return Shift(_moment(event.start), _moment(event.end), _title(event))


def _title(event: Event) -> str:
    return str(event.get("SUMMARY", "")).strip()


def _moment(written: date) -> datetime:
    """Whole days, and times without a zone, are those of the clock on the wall here."""
    if not isinstance(written, datetime):
        return moment(written, _MIDNIGHT)
    return (written if written.tzinfo else written.replace(tzinfo=ZONE)).astimezone(UTC)
