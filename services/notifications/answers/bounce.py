"""What a bounced mail says: which of our messages a mail server took and then could not deliver. Pure.

Read as RFC 3464 has it (delivery status notifications). What was ours is known by its Message-ID, which a bounce returns.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from uuid import UUID

_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+>")


def bounced(mail: bytes) -> UUID | None:
    """The message that did not arrive. None where this is no such report, or one of a delay only."""
    report = message_from_bytes(mail)
    if report.get_content_type() != "multipart/report" or not any(_has_failed(part) for part in report.walk()):
        return None
    found = (_OURS.search(text) for text in _returned(report))
    return next((UUID(one[1]) for one in found if one), None)


def _has_failed(part: Message) -> bool:
    """Whether it is the part for machines, and has given up. It is a list of blocks of headers."""
    if part.get_content_type() != "message/delivery-status":
        return False
    blocks = part.get_payload()
    return isinstance(blocks, list) and any(
        isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed" for block in blocks
    )


def _returned(report: Message) -> Iterator[str]:
    """What may hold our Message-ID: the mail that comes back, whole or its headers, and what the report answers."""
    for part in report.walk():
        if part is not report and part.get("Message-ID"):
            yield str(part["Message-ID"])
        if part.get_content_type() == "text/rfc822-headers":
            yield from re.findall(r"(?im)^message-id:\s*(\S+)", str(part.get_payload()))
    for name in ("In-Reply-To", "References", "X-Failed-Message-ID"):
        yield str(report.get(name, ""))
