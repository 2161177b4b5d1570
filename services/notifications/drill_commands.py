"""`drill` and `preview`: try the ways to reach people, and look at what they would read."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID, uuid4

from cyclopts import Parameter

from services.notifications.contacts import Seat
from services.notifications.directory_commands import the_rules
from services.notifications.drill import messages
from services.notifications.ledger_commands import the_stores
from services.notifications.notice import Notice, NoticeKind
from services.notifications.settings import NotificationsSettings
from services.notifications.text_message import segments
from services.notifications.texts import Texts
from services.notifications.words import words
from shared.clock import now
from shared.command_line import console
from shared.vocabulary import AssignmentRole, StaffRole, Urgency

Agency = Annotated[str | None, Parameter(help="an id of agencies.yaml; all where it is left out")]
Text = Literal["subject.txt", "body.txt", "body.html", "sms.txt"]
DryRun = Annotated[bool, Parameter(help="say how many would be sent and send nothing")]
_EXAMPLE = UUID("0a1b2c3d-0000-4000-8000-000000000000")


def drill(*, agency: Agency = None, dry_run: DryRun = False) -> None:
    """Send a test message to every desk by every channel it has. `told ID` shows later what became of each.

    Example: python -m services.notifications drill --agency dcf
    """
    rules, id_ = the_rules(), uuid4()
    notices = list(messages(id_, rules.directory, now(), agency))
    if not notices:
        sys.exit(f"notifications: {agency} has no desk")
    if dry_run:
        console.print(f"{len(notices)} messages would be sent")
        return
    asyncio.run(the_stores().notices.add(notices))
    console.print(f"{len(notices)} messages are on their way. What became of them: told {id_}", soft_wrap=True)


def preview(
    kind: NoticeKind = NoticeKind.offered,
    *,
    text: Text = "body.txt",
    language: str = "en",
    urgency: Urgency = Urgency.critical,
    out: Annotated[Path | None, Parameter(help="a file to write it into, in place of showing it")] = None,
) -> None:
    """Show what somebody would read, in a language that need not be approved yet.

    Example: python -m services.notifications preview escalated --text sms.txt --language es
    """
    links = NotificationsSettings().links
    notice = _example(kind, urgency)
    said = Texts([language]).write(text, language, words(notice, links, language))
    if out:
        out.write_text(said)
        return
    console.print(said, markup=False, highlight=False, soft_wrap=True)
    if text == "sms.txt":
        console.print(f"({segments(said.strip())} segments)")


def _example(kind: NoticeKind, urgency: Urgency) -> Notice:
    moment = now()
    return Notice(
        id=_EXAMPLE,
        about=_EXAMPLE,
        referral=_EXAMPLE,
        correlation=_EXAMPLE,
        sequence=1,
        at=moment,
        kind=kind,
        seat=Seat(agency="dcf", role=StaffRole.duty),
        urgency=urgency,
        why="preview",
        asked_as=AssignmentRole.child_protection,
        answer_by=moment,
    )
