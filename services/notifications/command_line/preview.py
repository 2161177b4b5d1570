"""`preview` and `digests`: look at what people would read."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from services.notifications.channels.text_message import segments
from services.notifications.command_line.directory import the_rules
from services.notifications.command_line.ledger import the_stores
from services.notifications.keeping.bundle_documents import bundle_of
from services.notifications.notices.bundle import Message
from services.notifications.notices.notice import Form, NoticeKind
from services.notifications.settings import NotificationsSettings
from services.notifications.texts.example import a_bundle, a_notice
from services.notifications.texts.texts import Texts
from services.notifications.texts.words import words
from shared.clock import now
from shared.command_line import console
from shared.vocabulary import Urgency

Text = Literal["subject.txt", "body.txt", "body.html", "sms.txt"]
Agency = Annotated[str | None, Parameter(help="an id of agencies.yaml; all where it is left out")]
Together = Annotated[Form | None, Parameter(help="a message that tells of several, and why it does; KIND does not matter then")]


def preview(
    kind: NoticeKind = NoticeKind.offered,
    *,
    together: Together = None,
    text: Text = "body.txt",
    language: str = "en",
    urgency: Urgency = Urgency.critical,
    out: Annotated[Path | None, Parameter(help="a file to write it into, in place of showing it")] = None,
) -> None:
    """Show what somebody would read, in a language that need not be approved yet.

    Example: python -m services.notifications preview escalated --text sms.txt --language es
    """
    example = a_bundle(together, urgency, now()) if together else a_notice(kind, urgency, now())
    said = _written(example, text, language)
    if out:
        out.write_text(said)
        return
    console.print(said, markup=False, highlight=False, soft_wrap=True)
    if text == "sms.txt":
        console.print(f"({segments(said.strip())} segments)")


def digests(*, agency: Agency = None, text: Text = "body.txt") -> None:
    """Show the digests that wait: for which desk, until when, and what they would say if they were sent now.

    Example: python -m services.notifications digests --agency dcf
    """
    directory, found = the_rules().directory, asyncio.run(the_stores().ledger.waiting_together(Form.digest))
    waiting = [(document["due"], bundle_of(document)) for document in found if agency in (None, document["agency"])]
    for due, bundle in waiting:
        reach = directory.holder(bundle.seat, due).reach
        until = f"{due.astimezone(reach.zone):%a %F %H:%M %Z}"
        console.rule(f"{bundle.seat.agency} {bundle.seat.role.value}, {until}: {len(bundle.notices)} notices")
        console.print(_written(bundle, text, reach.language), markup=False, highlight=False, soft_wrap=True)
    if not waiting:
        console.print("nothing waits for a digest")


def _written(message: Message, text: Text, language: str) -> str:
    return Texts([language]).write(text, language, words(message, NotificationsSettings().links, language))
