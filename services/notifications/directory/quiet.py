"""Hours in which somebody is not to be told of what can wait, in local time. Pure; right across clock changes."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from shared.events.facts import Frozen
from shared.hours import ZONE

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class QuietHours(Frozen):
    """Every night, or day, from `begin` to `end`; over midnight where `end` is the earlier time."""

    begin: time
    end: time

    def until(self, at: datetime, zone: ZoneInfo = ZONE) -> datetime | None:
        """When the quiet ends that `at` falls into, in UTC; None while it is not quiet. `zone`: the recipient's."""
        today = at.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            begin, end = self._night(day, zone)
            if begin <= at < end:
                return end
        return None

    def _night(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        last = day + timedelta(days=1) if self.end <= self.begin else day
        return moment(day, self.begin, zone), moment(last, self.end, zone)


def moment(day: date, local: time, zone: ZoneInfo = ZONE) -> datetime:
    """A local time in UTC: the first one where a clock change repeats it, an hour later by the clock where it skips it."""
    return datetime.combine(day, local, zone).astimezone(UTC)


def _written(value: Any) -> Any:
    """`22:00-07:00` as two times."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None or found.group(1, 2) == found.group(3, 4):
        raise ValueError('write from when to when, in quotes, for example: "22:00-07:00"')
    return {"begin": time(int(found[1]), int(found[2])), "end": time(int(found[3]), int(found[4]))}


Quiet = Annotated[QuietHours, BeforeValidator(_written)]
