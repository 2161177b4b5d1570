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
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

import uvloop
from aiosmtpd.smtp import SMTP, Session

from deploy.embedded.mail import JOURNAL
from deploy.embedded.ports import HOST

RECEIVED_AT = "X-Received-At"  # milliseconds since 1970, when the last byte of the mail was here


def entry(content: bytes, now: int, to: list[str], key: str) -> dict[str, Any]:
    """What the journal tells of a mail: when it came (ms), to whom, which Message-ID, and its file in the Maildir."""
    headers = BytesHeaderParser().parsebytes(content)
    return {
        "received_at": now,
        "to": ", ".join(to),
        "message_id": headers["Message-ID"],
        "subject": headers["Subject"],
        "file": f"new/{key}",
    }


class Delivery:
    """Writes a mail to the Maildir first, then to the journal. Waits for no disk: a crash of this machine may lose mails."""

    def __init__(self, folder: Path) -> None:
        self._maildir = folder / "Maildir"
        for part in ("tmp", "new", "cur"):
            (self._maildir / part).mkdir(parents=True, exist_ok=True)
        self._journal = (folder / JOURNAL).open("a", buffering=1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Any) -> str:  # noqa: N802  # the library's name
        """Keeps the mail as it came, with the time and the recipients in headers of its own."""
        now, key = time.time_ns() // 1_000_000, uuid.uuid4().hex
        content = envelope.content.replace(b"\r\n", b"\n")
        stamp = f"{RECEIVED_AT}: {now}\nX-RcptTo: {', '.join(envelope.rcpt_tos)}\n"
        (self._maildir / "tmp" / key).write_bytes(stamp.encode() + content)
        (self._maildir / "tmp" / key).rename(self._maildir / "new" / key)
        self._journal.write(json.dumps(entry(content, now, envelope.rcpt_tos, key)) + "\n")
        return "250 OK"


async def serve(port: int, folder: Path) -> None:
    """Take mails until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    handler = Delivery(folder)
    async with await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), HOST, port):
        await stop.wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
