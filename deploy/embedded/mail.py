"""A local mail server that delivers nothing, as a process of its own."""

from __future__ import annotations

import json
import smtplib
import sys
from pathlib import Path
from typing import Any

from deploy.embedded.child import Child
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.server import Server, listens

JOURNAL = "received.ndjson"


class MailSink(Server):
    """Keeps every mail in a Maildir in its folder, with a line about it in a journal. `port`: 0 chooses a free one."""

    kind = "smtp"

    def __init__(self, folder: Path, *, port: int = 0, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        port = port or free_port()
        command = [sys.executable, "-m", "deploy.embedded.smtp", str(port), str(self.folder)]
        super().__init__(Child("mail", command, log or self.folder / "mail.log"), port)

    def answers(self) -> bool:
        """Whether it greets a client."""
        return answers(self.port)

    def received(self) -> list[dict[str, Any]]:
        """The journal: one entry a mail, in order of arrival (see smtp.entry)."""
        journal = self.folder / JOURNAL
        return [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []


def answers(port: int) -> bool:
    """Whether the mail server on a loopback port greets a client."""
    if not listens(port):
        return False
    try:
        with smtplib.SMTP(HOST, port, timeout=1):
            return True
    except OSError:
        return False
