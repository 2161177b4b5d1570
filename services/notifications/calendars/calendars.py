"""Keeps the schedules whose calendar is at an address up to date. One that cannot be read stays as it was, and ages."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from services.notifications import metrics
from services.notifications.calendars.feed import CalendarFeed
from services.notifications.calendars.store import CalendarStore, Kept
from services.notifications.directory.directory import Directory
from services.notifications.directory.duty_calendar import CalendarTrouble, DutyCalendar, Unread
from services.notifications.directory.on_call import Schedule
from services.notifications.settings import NotificationsSettings
from shared.clock import Clock
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE, Database

log = structlog.get_logger(__name__)


class Calendars:
    """`addresses`: by schedule, for those that have one. `every`: seconds between looks."""

    def __init__(
        self,
        schedules: Mapping[str, Schedule],
        addresses: Mapping[str, str],
        feed: CalendarFeed,
        store: CalendarStore,
        *,
        clock: Clock,
        every: float,
    ) -> None:
        self._schedules = schedules
        self._addresses = addresses
        self._feed = feed
        self._store = store
        self._clock = clock
        self._every = every
        self._kept: dict[str, Kept] = {}
        self._begun = clock()

    @property
    def schedules(self) -> tuple[str, ...]:
        """Those whose calendar is at an address."""
        return tuple(self._addresses)

    async def begin(self) -> None:
        """Before anything is sent: with what was last read."""
        await self.load()

    async def load(self) -> Mapping[str, Kept]:
        """Takes what was last read, by whichever instance. Returns it, by schedule."""
        self._kept = await self._store.find(self._addresses)
        for schedule, kept in self._kept.items():
            self._schedules[schedule].take(DutyCalendar(kept.text))
        return self._kept

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            try:
                for schedule in self._addresses:
                    await self.look(schedule)
                LOOP_SUCCESS.labels("calendars").set_to_current_time()
            except UNAVAILABLE as error:
                log.warning("keeping_calendars_waits", error=type(error).__name__)
            metrics.CALENDAR_AGE.set(self.oldest())
            await asyncio.sleep(self._every)

    async def look(self, schedule: str) -> CalendarTrouble | None:
        """Reads one of them. What was wrong, where something was: then the schedule stays as it is."""
        try:
            self._kept[schedule] = await self._read(schedule)
        except Unread as error:
            metrics.CALENDAR_TROUBLES.labels(error.trouble.value).inc()
            log.warning("calendar_not_read", reason=error.trouble.value)
            return error.trouble
        return None

    async def _read(self, schedule: str) -> Kept:
        address, known = self._addresses[schedule], self._kept.get(schedule)
        fetched = await self._feed.fetch(address, known.etag if known else "")
        if fetched is None:
            if known is None:
                raise Unread(CalendarTrouble.refused)
            return known._replace(read=await self._store.confirm(schedule))
        calendar = await asyncio.to_thread(usable, fetched.text, self._clock())
        read = await self._store.keep(schedule, address, *fetched)
        self._schedules[schedule].take(calendar)
        return Kept(*fetched, read)

    def oldest(self) -> float:
        """Seconds since the one that was read longest ago was read; since the start, where one never was."""
        now = self._clock()
        read = [self._kept[one].read if one in self._kept else self._begun for one in self._addresses]
        return max(((now - at).total_seconds() for at in read), default=0.0)


def calendars_of(directory: Directory, settings: NotificationsSettings, database: Database, clock: Clock) -> Calendars | None:
    """The schedules of the directory whose calendar is at an address; None where there is none. ValueError, OSError."""
    secrets = settings.calendar.addresses_dir
    addresses = {one.id: one.address(secrets) for one in directory.schedules.values() if one.is_elsewhere}
    if not addresses:
        return None
    feed, store = CalendarFeed(settings.calendar), CalendarStore(database, clock)
    every = settings.calendar.every_seconds
    return Calendars(directory.schedules, addresses, feed, store, clock=clock, every=every)


def usable(text: bytes, at: datetime) -> DutyCalendar:
    """The calendar, once it has said who is on call. Unread where it is none: its libraries fail in many ways."""
    try:
        calendar = DutyCalendar(text)
        calendar.shifts(at)
    except Exception:
        raise Unread(CalendarTrouble.unusable) from None
    return calendar
