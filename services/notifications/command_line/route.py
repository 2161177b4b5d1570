"""`python -m services.notifications route …`: try the policy without telling anybody."""

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from pydantic import TypeAdapter, ValidationError
from rich.table import Table

from services.notifications.command_line.directory import the_moment, the_rules_today
from services.notifications.plan.plan import Occasion
from services.notifications.plan.projection import Told, project
from services.notifications.plan.standing import Standing
from shared.command_line import console
from shared.events.routing import ActivityEvent
from shared.hours import ZONE
from shared.vocabulary import Urgency

app = App(name="route", help="Try who would be told, without telling anybody.")
EVENT: TypeAdapter[ActivityEvent] = TypeAdapter(ActivityEvent)
Case = Annotated[Path, Parameter(help="a file with an event of referrals.activity, such as those in docs/contracts/examples")]
How = Annotated[Urgency | None, Parameter(help="how urgent the referral is, where the event does not say so")]
At = Annotated[str | None, Parameter(help="local time at which the event comes; now where it is left out")]


@app.command(name="test")
def try_case(case: Case, *, urgency: How = None, at: At = None) -> None:
    """Show who would be told of an event, when, by which channels and why, if nobody answered.

    Example: python -m services.notifications route test docs/contracts/examples/org.rhtrt.assignment.offered.v1.json
    """
    rules, _ = the_rules_today()
    try:
        event = EVENT.validate_python(json.loads(case.read_text()))
    except (OSError, ValueError, ValidationError) as error:
        sys.exit(f"notifications: {case.name} is no event of referrals.activity ({type(error).__name__})")
    counts_as = urgency or Standing().after(event).counts_as
    told = list(project(Occasion(event, counts_as, the_moment(at)), rules))
    console.print(_table(told) if told else "nobody is told of it")


def _table(told: list[Told]) -> Table:
    table = Table("when", "text", "seat", "held by", "channels", "why")
    for one in told:
        seat = f"{one.notice.seat.agency} {one.notice.seat.role.value}"
        channels = ", then ".join(way.value for way in one.holder.ways)
        when = f"{one.at.astimezone(ZONE):%a %H:%M:%S}"
        table.add_row(when, one.notice.kind.value, seat, one.holder.person or "the desk", channels, "; ".join(one.reasons))
    return table
