"""The days of a report, in the taskforce's own time zone, and the periods that have a name. Pure.

`FY2026` is the federal fiscal year 2026: October 1, 2025 to September 30, 2026. `FY2026-Q1` is its first quarter, October to
December 2025. `CY2026` and `CY2026-Q1` are the calendar's, `CY2026-01` is a month of it.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

NAME: Final = re.compile(r"(?P<kind>FY|CY)(?P<year>20\d\d|21\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def named(name: str) -> tuple[date, date]:
    """The first and the last day of a period that has a name. ValueError where it has none."""
    match = NAME.fullmatch(name)
    if match is None or (match["kind"] == "FY" and match["month"]):
        raise ValueError("no such period: a period is named like FY2026, FY2026-Q1, CY2026, CY2026-Q1 or CY2026-01")
    begin = -2 if match["kind"] == "FY" else 1  # the fiscal year begins in October, three months before the calendar's
    if match["month"]:
        begin, length = int(match["month"]), 1
    elif match["quarter"]:
        begin, length = begin + 3 * (int(match["quarter"]) - 1), 3
    else:
        length = 12
    first, last = _month(int(match["year"]), begin), _month(int(match["year"]), begin + length - 1)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def parts(name: str) -> tuple[str, ...]:
    """The quarters of a year that has a name; none of a quarter or a month."""
    return tuple(f"{name}-Q{number}" for number in (1, 2, 3, 4)) if re.fullmatch(r"(FY|CY)\d{4}", name) else ()


def _a_year_before(day: date) -> date:
    """The same day of the year before; the last of February stays the last of February."""
    last = monthrange(day.year - 1, day.month)[1]
    ends = day.month == 2 and day.day >= 28 and day.day == monthrange(day.year, 2)[1]
    return day.replace(year=day.year - 1, day=last if ends else min(day.day, last))


def _month(year: int, number: int) -> date:
    """The first day of a month counted from January of a year; 0 is the December before."""
    years, month = divmod(number - 1, 12)
    return date(year + years, month + 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included; None leaves that side open."""

    first: date | None
    last: date | None
    zone: ZoneInfo

    @classmethod
    def everything(cls, zone: str) -> Self:
        """All days."""
        return cls(None, None, ZoneInfo(zone))

    @classmethod
    def called(cls, name: str, zone: ZoneInfo) -> Self:
        """One that has a name. ValueError where it has none."""
        return cls(*named(name), zone)

    def before(self) -> Self | None:
        """As many days just before it, to compare with; None where it is open on a side."""
        if self.first is None or self.last is None:
            return None
        last = self.first - timedelta(days=1)
        return type(self)(last - (self.last - self.first), last, self.zone)

    def year_before(self) -> Self | None:
        """The same days a year before, to compare with; None where it is open on a side."""
        if self.first is None or self.last is None:
            return None
        return type(self)(_a_year_before(self.first), _a_year_before(self.last), self.zone)

    @property
    def ordinals(self) -> tuple[int, int]:
        """Its first and last day, as days since year 1."""
        return (self.first or date.min).toordinal(), (self.last or date.max).toordinal()

    @property
    def since(self) -> datetime | None:
        """Its first moment."""
        return self._midnight(self.first) if self.first else None

    @property
    def until(self) -> datetime | None:
        """The first moment after it: the next day's midnight, be that day 23, 24 or 25 hours long."""
        return self._midnight(self.last + timedelta(days=1)) if self.last else None

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def describe(self) -> dict[str, str | None]:
        """As it stands in a report."""
        return {
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "time_zone": self.zone.key,
        }
