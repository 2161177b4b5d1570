"""`drill`: try the ways to reach people."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID, uuid4

from cyclopts import Parameter

from services.notifications.command_line.directory import the_rules_today
from services.notifications.command_line.ledger import the_stores
from services.notifications.notices.notice import Notice
from services.notifications.oversight.drill import messages
from services.notifications.settings import NotificationsSettings
from shared.clock import now
from shared.command_line import console

Agency = Annotated[str | None, Parameter(help="an id of agencies.yaml; all where it is left out")]
DryRun = Annotated[bool, Parameter(help="say how many would be sent and send nothing")]


def drill(*, agency: Agency = None, dry_run: DryRun = False) -> None:
    """Send a test message to every desk and person by every channel they have. `told ID` shows later what became of each.

    Example: python -m services.notifications drill --agency dcf
    """
    (rules, _), id_ = the_rules_today(), uuid4()
    notices = list(messages(id_, rules.directory, now(), agency, everybody=NotificationsSettings().drill_everybody))
    if not notices:
        sys.exit(f"notifications: {agency} has no desk")
    if dry_run:
        console.print(f"{len(notices)} messages would be sent")
        return
    asyncio.run(_send(id_, notices, keep=agency is None))
    console.print(f"{len(notices)} messages are on their way. What became of them: told {id_}", soft_wrap=True)


async def _send(drill: UUID, notices: Sequence[Notice], *, keep: bool) -> None:
    stores = the_stores()
    await stores.notices.add(notices)
    if keep:
        await stores.drills.add(drill, now(), len(notices))
