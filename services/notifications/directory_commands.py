"""`python -m services.notifications directory …` and `who-is-on-call`: look into who would be told."""

import sys
from datetime import datetime, timedelta
from typing import Annotated

from cyclopts import App, Parameter

from services.notifications.directory import gaps
from services.notifications.rotation import in_utc
from services.notifications.rules import Rules, load_rules
from services.notifications.settings import NotificationsSettings
from shared.clock import now
from shared.command_line import console
from shared.hours import ZONE

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


@app.command
def check(*, days: Days = 90) -> None:
    """Check contacts.yaml, staff.yaml and on-call.yaml; exit status 1 where a schedule has nobody in the days ahead.

    Example: python -m services.notifications directory check
    """
    directory = the_rules().directory
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
    directory, moment = the_rules().directory, the_moment(at)
    for schedule in directory.schedules.values():
        shift = next(schedule.shifts(moment, moment + timedelta(days=366)))
        until = f"{shift.end.astimezone(ZONE):%a %F %H:%M %Z}"
        console.print(f"{schedule.id}: {shift.who or 'nobody'}, until {until}", markup=False, highlight=False)
