"""`python -m services.notifications directory …` and `who-is-on-call`: look into who would be told."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

from cyclopts import App, Parameter

from services.notifications.calendars.calendars import Calendars, calendars_of
from services.notifications.calendars.store import Kept
from services.notifications.directory.directory import gaps
from services.notifications.directory.duty_calendar import CalendarTrouble
from services.notifications.directory.on_call import Schedule
from services.notifications.directory.rotation import in_utc
from services.notifications.plan.rules import Rules, load_rules
from services.notifications.settings import NotificationsSettings
from shared import mongo
from shared.clock import now
from shared.command_line import console
from shared.hours import ZONE
from shared.mongo import UNAVAILABLE

T = TypeVar("T")
app = App(name="directory", help="Look into who would be told. CONFIG_DIR names the folder the files are in.")
At = Annotated[str | None, Parameter(help="local time, such as 2026-12-24T18:00; now where it is left out")]
Days = Annotated[int, Parameter(help="how many days ahead schedules are looked at")]


def the_rules() -> Rules:
    """What CONFIG_DIR says. Ends the program with a plain sentence where a file does not fit."""
    settings = NotificationsSettings()
    try:
        return load_rules(settings.config_dir, settings.clock_scale, settings.channels, group_storms=settings.group_storms)
    except (ValueError, OSError) as error:
        sys.exit(f"notifications: {error}")


def the_moment(written: str | None) -> datetime:
    """What was asked for on the command line. Ends the program where it is no time."""
    try:
        return in_utc(datetime.fromisoformat(written)) if written else now()
    except ValueError:
        sys.exit("notifications: write the time as in 2026-12-24T18:00")


def the_rules_today() -> tuple[Rules, Mapping[str, Kept]]:
    """The same, where calendars that are at an address are as they were last read; and these, by schedule."""
    rules = the_rules()
    return rules, _with_calendars(rules, _load)


def _with_calendars(rules: Rules, work: Callable[[Calendars], Coroutine[Any, Any, T]]) -> T | dict[str, Any]:
    """Does something with the calendars that are at an address; nothing where there is none."""
    settings = NotificationsSettings()
    try:
        return asyncio.run(_on_database(rules, settings, work))
    except (ValueError, OSError) as error:
        sys.exit(f"notifications: {error}")
    except UNAVAILABLE:
        sys.exit("notifications: the database does not answer, so that nobody knows what calendars said last")


async def _on_database(
    rules: Rules, settings: NotificationsSettings, work: Callable[[Calendars], Awaitable[T]]
) -> T | dict[str, Any]:
    client = mongo.connect(settings.mongo.connection_string())
    database = mongo.database(client, settings.mongo.database or "notifications")
    calendars = calendars_of(rules.directory, settings, database, now)
    return await work(calendars) if calendars else {}


async def _load(calendars: Calendars) -> Mapping[str, Kept]:
    return await calendars.load()


async def _look(calendars: Calendars) -> Mapping[str, CalendarTrouble | None]:
    await calendars.load()
    return {schedule: await calendars.look(schedule) for schedule in calendars.schedules}


@app.command
def calendars() -> None:
    """Read the calendars that are at an address now, and keep them. Exit status 1 where one cannot be read.

    Example: python -m services.notifications directory calendars
    """
    found = _with_calendars(the_rules(), _look)
    for schedule, trouble in found.items():
        what = f"could not be read ({trouble.value})" if trouble else "read"
        console.print(f"{schedule}: {what}", markup=False, highlight=False)
    sys.exit(1 if any(found.values()) else 0)


@app.command
def check(*, days: Days = 90) -> None:
    """Check contacts.yaml, staff.yaml and on-call.yaml; exit status 1 where a schedule has nobody in the days ahead.

    Example: python -m services.notifications directory check
    """
    directory = the_rules_today()[0].directory
    found = list(gaps(directory, begin := now(), begin + timedelta(days=days)))
    for line in found:
        console.print(line, markup=False, highlight=False)
    desks = sum(len(desks) for desks in directory.contacts.contacts.values())
    console.print(f"{desks} desks, {len(directory.staff)} people, {len(directory.schedules)} schedules, {len(found)} gaps")
    sys.exit(1 if found else 0)


def who_is_on_call(*, at: At = None) -> None:
    """Say who is on call by each schedule at a time, and until when.

    Example: python -m services.notifications who-is-on-call --at 2026-12-24T18:00
    """
    (rules, kept), moment = the_rules_today(), the_moment(at)
    for schedule in rules.directory.schedules.values():
        shift = next(schedule.shifts(moment, moment + timedelta(days=366)))
        until = f"{shift.end.astimezone(ZONE):%a %F %H:%M %Z}"
        console.print(
            f"{schedule.id}: {shift.who or 'nobody'}, until {until}{_as_of(schedule, kept)}", markup=False, highlight=False
        )


def _as_of(schedule: Schedule, kept: Mapping[str, Kept]) -> str:
    if not schedule.is_elsewhere:
        return ""
    if schedule.id not in kept:
        return " (its calendar was never read)"
    return f" (its calendar was read {kept[schedule.id].read.astimezone(ZONE):%a %F %H:%M %Z})"
