"""The turns in a calendar's text. Pure. Its libraries hold 6 MB, so that it is imported where there is a calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component, Event

from services.notifications.directory.quiet import moment
from services.notifications.directory.rotation import Shift
from shared.hours import ZONE

_MIDNIGHT = datetime.min.time()
_MOST_EVENTS, _MOST_SERIES = 5000, 200
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_TOO_FINE = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


def shifts_of(text: bytes) -> Callable[[datetime, datetime], list[Shift]]:
    """Who is on call at some time from one moment to another. ValueError where the text is no calendar, or one of which days
    would take long to work out."""
    calendar = Calendar.from_ical(text)
    if not isinstance(calendar, Calendar):
        raise ValueError("this is no calendar")
    _refuse_endless_work(calendar)
    query = recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=False)
    return lambda begin, end: [_shift(event) for event in query.between(begin, end)]


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
