"""Who is on call: config/on-call.yaml, by rotations and exceptions in the file itself or by a calendar beside it."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import Field, PrivateAttr, ValidationError, model_validator

from services.notifications.directory.complaint import complaint
from services.notifications.directory.duty_calendar import DutyCalendar
from services.notifications.directory.rotation import Override, PersonId, Rotation, Shift
from shared.events.facts import Frozen

FILE = "on-call.yaml"
_FILE, _ADDRESS, _SECRET = r"[A-Za-z0-9_-]+\.ics", r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[^\s\"'<>]*", "secret:"
_CALENDAR = rf"^({_FILE}|{_ADDRESS}|{_SECRET}[a-z][a-z0-9-]{{0,39}})$"
ScheduleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


def _is_file(calendar: str) -> bool:
    return re.fullmatch(_FILE, calendar) is not None


class Schedule(Frozen):
    """`calendar` is an iCalendar file beside on-call.yaml, an address, or `secret:NAME` for an address in a file of its own.
    `otherwise`: who is on call where nobody else is."""

    id: ScheduleId
    rotation: Rotation | None = None
    calendar: Annotated[str, Field(pattern=_CALENDAR)] | None = None
    overrides: tuple[Override, ...] = ()
    otherwise: PersonId | None = None
    _calendar: DutyCalendar = PrivateAttr(default_factory=DutyCalendar)

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.rotation is None) is (self.calendar is None):
            raise ValueError("write a rotation or a calendar, one of the two")
        return self

    @property
    def is_elsewhere(self) -> bool:
        """Whether its calendar has to be fetched from an address."""
        return bool(self.calendar) and not _is_file(self.calendar or "")

    def address(self, secrets: Path | None) -> str:
        """Where its calendar is. ValueError, OSError where there is no such address."""
        written = self.calendar or ""
        if written.startswith(_SECRET):
            if secrets is None:
                raise ValueError(f"{self.id}: its calendar's address is a secret; set CALENDAR_ADDRESSES_DIR")
            written = (secrets / written.removeprefix(_SECRET)).read_text().strip()
        if not re.fullmatch(_ADDRESS, written):
            raise ValueError(f"{self.id}: its calendar's address has to begin with https:// and to have no spaces")
        return written

    def read_calendar(self, folder: Path) -> None:
        """Reads the calendar's file. ValueError or OSError where it cannot be used."""
        if self.calendar and not self.is_elsewhere:
            self.take(DutyCalendar((folder / self.calendar).read_bytes()))

    def take(self, calendar: DutyCalendar) -> None:
        """From now on this one says who is on call."""
        self._calendar = calendar

    def who(self, at: datetime) -> str | None:
        """The handle of whoever is on call; None where nobody is."""
        for override in reversed(self.overrides):
            if override.begin <= at < override.end:
                return override.who
        return self._planned(at) or self.otherwise

    def _planned(self, at: datetime) -> str | None:
        if self.rotation:
            return self.rotation.shift(at).who
        on_call = self._calendar.shifts(at)
        return on_call[0].who if on_call else None

    def shifts(self, begin: datetime, end: datetime) -> Iterator[Shift]:
        """Who is on call when, from `begin` to `end`, one after the other; `who` is empty where nobody is."""
        while begin < end:
            who, until = self.who(begin), self._next_change(begin)
            while until < end and self.who(until) == who:
                until = self._next_change(until)
            yield Shift(begin, min(until, end), who or "")
            begin = until

    def _next_change(self, at: datetime) -> datetime:
        planned = self.rotation.shift(at).end if self.rotation else self._calendar.next_change(at)
        edges = (edge for override in self.overrides for edge in (override.begin, override.end))
        return min([planned, *(edge for edge in edges if edge > at)])

    @property
    def named(self) -> set[str]:
        """Everyone whom the file itself names. Whom a calendar names shows only as time goes on."""
        fixed = {*(o.who for o in self.overrides), *(self.rotation.people if self.rotation else ())}
        return fixed | ({self.otherwise} if self.otherwise else set())


class OnCall(Frozen):
    """All schedules."""

    schedules: tuple[Schedule, ...] = ()

    @property
    def by_id(self) -> dict[str, Schedule]:
        """Each by its name."""
        return {schedule.id: schedule for schedule in self.schedules}


def load_on_call(config_dir: Path) -> OnCall:
    """Reads and checks on-call.yaml and its calendars. ValueError says what is wrong in which file; no file is no schedule."""
    path = config_dir / FILE
    raw: Any = (yaml.safe_load(path.read_text()) if path.exists() else None) or {}
    try:
        on_call = OnCall.model_validate(raw)
    except (ValidationError, TypeError) as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None
    for schedule in on_call.schedules:
        try:
            schedule.read_calendar(config_dir)
        except (ValueError, KeyError, OSError) as error:
            raise ValueError(f"{schedule.calendar}: this cannot be read as a calendar ({type(error).__name__})") from None
    return on_call
