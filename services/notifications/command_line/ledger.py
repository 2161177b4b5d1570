"""`told`, `fatigue`, `resend`: what a coordinator asks of the ledger, and what was set aside sent again."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter
from rich.table import Table

from services.notifications.command_line.directory import the_rules
from services.notifications.keeping.stores import Stores
from services.notifications.notices.notice import NoticeStatus, once_more
from services.notifications.oversight.fatigue import loads
from services.notifications.sending.dispatch import Dispatch
from services.notifications.sending.grouping import Grouping
from services.notifications.settings import NotificationsSettings
from shared import mongo
from shared.clock import now
from shared.command_line import console
from shared.hours import ZONE
from shared.topics import DELIVERED

Referral = Annotated[UUID, Parameter(help="the referral's id")]
Agency = Annotated[str | None, Parameter(help="an id of agencies.yaml; all where it is left out")]
Of = Annotated[UUID | None, Parameter(help="only of this referral")]
Days = Annotated[int, Parameter(help="only what was given up in the last days")]
DryRun = Annotated[bool, Parameter(help="say what would be sent and change nothing")]


def the_stores() -> Stores:
    """The ledger and the rest, by the settings in the environment."""
    settings = NotificationsSettings()
    client = mongo.connect(settings.mongo.connection_string())
    database = mongo.database(client, settings.mongo.database or "notifications")
    return Stores.on(database, settings.instance, settings.topic(DELIVERED), now)


def told(referral: Referral, *, agency: Agency = None) -> None:
    """Say who was told of a referral, when, by which channel, and who has seen it. Exit status 1: nobody was told.

    Example: python -m services.notifications told 0b7e... --agency manchester-pd
    """
    notices = asyncio.run(the_stores().ledger.of(referral))
    shown = [notice for notice in notices if agency in (None, notice["agency"])]
    for notice in shown:
        console.print(_line(notice), markup=False, highlight=False, soft_wrap=True)
    if not any(notice["status"] == "sent" for notice in shown):
        sys.exit("nobody was told")


def resend(*, referral: Of = None, days: Days = 7, dry_run: DryRun = False) -> None:
    """Send again what every channel had refused, or nobody took in time, after the cause was mended.

    Example: python -m services.notifications resend --days 2 --dry-run
    """
    console.print(asyncio.run(_resend(referral, now() - timedelta(days=days), dry_run=dry_run)))


def fatigue(*, days: Annotated[int, Parameter(help="how many days back")] = 7) -> None:
    """Show how many messages each person or desk got: in all, at night, in the busiest hour, as reminders. `notices` is how
    many they would have been without grouping and digests.

    Example: python -m services.notifications fatigue --days 30
    """
    table = Table("person or desk", "notices", "messages", "at night", "busiest hour", "reminders")
    for load in loads(asyncio.run(the_stores().ledger.sent_since(now() - timedelta(days=days)))):
        counts = (load.notices, load.messages, load.at_night, load.busiest_hour, load.reminders)
        table.add_row(load.who, *map(str, counts))
    console.print(table)


async def _resend(referral: UUID | None, since: datetime, *, dry_run: bool) -> str:
    stores = the_stores()
    notices = await stores.ledger.given_up(referral, since)
    if dry_run:
        return f"{len(notices)} would be sent again"
    grouping = Grouping(stores.notices, stores.bundles, the_rules(), Dispatch(), now)
    return f"{len(await grouping.keep([once_more(notice, now()) for notice in notices]))} are sent again"


def _line(notice: Mapping[str, Any]) -> str:
    person = notice.get("person") or notice.get("seat_person")
    who = f"{notice['agency']} {notice['role']}" + (f" ({person})" if person else "")
    seen = f", seen {_at(notice['acknowledged'])}" if notice.get("acknowledged") else ""
    again = ", perhaps more than once" if notice["unsure"] else ""
    lost = f", did not arrive {_at(notice['lost'])}" if notice.get("lost") else ""
    when = notice.get("settled") or notice["since"]
    return f"{_at(when)}  {notice['kind']:12}  {who}: {_became(notice)}{again}{lost}{seen}"


def _became(notice: Mapping[str, Any]) -> str:
    if notice["status"] == NoticeStatus.grouped:
        return f"waits until {_at(notice['not_before'])} ({notice['held']})"
    together = f" with others ({notice['held']})" if notice.get("bundle") else ""
    return f"{notice['status']} by {notice['channel']}{together}"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%F %H:%M:%S %Z}"
