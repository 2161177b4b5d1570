"""The days of a report, in the taskforce's own time zone. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo


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
            "counted_by": "day of receipt",
        }
