"""When an agency's desk is staffed, in local time. Pure; right across the changes of daylight-saving time."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from shared.events.facts import Frozen

ZONE = ZoneInfo("America/New_York")
"""Connecticut's."""

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_LOOK_AHEAD = 366  # days: an agency that does not open within a year is a mistake in the file


def _span(written: Any) -> Any:
    """`08:30-16:30` as two times; `24:00` ends the day."""
    found = _SPAN.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError('write from when to when, in quotes, for example: "08:30-16:30"; "00:00-24:00" is the whole day')
    begin = time(int(found[1]), int(found[2]))
    end = time(int(found[3]), int(found[4])) if found[3] else time.max
    if end <= begin:
        raise ValueError("write a time that ends after it begins; past midnight, write it as two days")
    return begin, end


Span = Annotated[
    tuple[time, time],
    BeforeValidator(_span),
    WithJsonSchema({"type": "string", "pattern": f"^{_SPAN.pattern}$", "examples": ["08:30-16:30"]}),
]


class Hours(Frozen):
    """Weekly hours; a day that is not named is closed, and so are the days in `closed` (holidays)."""

    monday: Span | None = None
    tuesday: Span | None = None
    wednesday: Span | None = None
    thursday: Span | None = None
    friday: Span | None = None
    saturday: Span | None = None
    sunday: Span | None = None
    closed: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _opens_sometimes(self) -> "Hours":
        if not any(self._week()):
            raise ValueError("name at least one day; an agency that is always staffed needs no hours")
        for day in self.closed:
            if next(self._spans(day, within=_LOOK_AHEAD - 7), None) is None:
                raise ValueError(f"closed: from {day} on it would not open for a whole year; leave some of these days out")
        return self

    def _week(self) -> tuple[tuple[time, time] | None, ...]:
        return self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there."""
        return self.next_opening(at) == at

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself while it is open, else when it opens next, in UTC: within a year, or it would not have been read."""
        for begin, end in self._spans(at.astimezone(ZONE).date()):
            if at < end:
                return max(at, begin)
        raise AssertionError("closed for a whole year")

    def _spans(self, first: date, within: int = _LOOK_AHEAD) -> Iterator[tuple[datetime, datetime]]:
        """Every opening from this day on for so many days, as moments in UTC.

        Of a local time that a clock change repeats the first is meant; one that it skips is an hour later by the clock.
        """
        for ahead in range(within):
            day = first + timedelta(days=ahead)
            span = self._week()[day.weekday()]
            if span and day not in self.closed:
                yield _moment(day, span[0]), _moment(day, span[1])


def _moment(day: date, local: time) -> datetime:
    if local == time.max:
        day, local = day + timedelta(days=1), time()
    return datetime.combine(day, local, ZONE).astimezone(UTC)
