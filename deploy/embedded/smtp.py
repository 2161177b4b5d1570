"""The program of the local mail server: every mail goes to a Maildir, and a line about it to a journal.

Run as `python -m deploy.embedded.smtp PORT FOLDER`.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
import uuid
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.handlers import Message as Handler
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.embedded.mail import JOURNAL
from deploy.embedded.ports import HOST

RECEIVED_AT = "X-Received-At"  # milliseconds since 1970, when the last byte of the mail was here


def entry(message: Message, key: str) -> dict[str, Any]:
    """What the journal tells of a mail: when it came (ms), to whom, which Message-ID, and its file in the Maildir."""
    return {
        "received_at": int(message[RECEIVED_AT]),
        "to": message["X-RcptTo"],
        "message_id": message["Message-ID"],
        "subject": message["Subject"],
        "file": f"new/{key}",
    }


class Delivery(Handler):
    """Writes a mail to the Maildir first, then to the journal."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._maildir = folder / "Maildir"
        for part in ("tmp", "new", "cur"):
            (self._maildir / part).mkdir(parents=True, exist_ok=True)
        self._journal = (folder / JOURNAL).open("a", buffering=1)

    def prepare_message(self, session: Session, envelope: Envelope) -> Message:
        """Stamp the mail before anything is done with it."""
        now = time.time_ns() // 1_000_000
        message = super().prepare_message(session, envelope)
        message[RECEIVED_AT] = str(now)
        return message

    def handle_message(self, message: Message) -> None:
        """Keep the mail.

        The standard library's Maildir waits for the disk at each mail, and every other mail waits with it. Nobody misses
        what a crash of this machine would lose here.
        """
        key = uuid.uuid4().hex
        (self._maildir / "tmp" / key).write_bytes(bytes(message))
        (self._maildir / "tmp" / key).rename(self._maildir / "new" / key)
        self._journal.write(json.dumps(entry(message, key)) + "\n")


async def serve(port: int, folder: Path) -> None:
    """Take mails until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    handler = Delivery(folder)
    async with await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), HOST, port):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
