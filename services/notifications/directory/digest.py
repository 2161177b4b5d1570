"""How often, and at which hour, somebody wants to be told of what can wait. Pure; right across clock changes."""

import re
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from services.notifications.directory.quiet import moment
from shared.events.facts import Frozen
from shared.hours import ZONE

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WRITTEN = re.compile(rf"(daily|{'|'.join(DAYS)}) ([01]\d|2[0-3]):([0-5]\d)")


class Digest(Frozen):
    """Every day at `at`; with `day` (0 is Monday) only on that day of the week."""

    at: time
    day: Annotated[int, Field(ge=0, le=6)] | None = None

    def after(self, now: datetime, zone: ZoneInfo = ZONE) -> datetime:
        """When the next one is sent, in UTC: always later than `now`, by a week and the hour of a clock change at most."""
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(9))
        return next(when for day in days if self.day in (None, day.weekday()) and (when := moment(day, self.at, zone)) > now)


def _read(value: Any) -> Any:
    """`daily 08:00` or `monday 08:00`."""
    found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('write how often and when, in quotes, for example: "daily 08:00" or "monday 08:00"')
    return {"at": time(int(found[2]), int(found[3])), "day": DAYS.index(found[1]) if found[1] in DAYS else None}


DigestWish = Annotated[Digest, BeforeValidator(_read)]
