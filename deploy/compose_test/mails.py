"""The mails that were sent, read where they arrived."""

from __future__ import annotations

import json
import urllib.request

from deploy.compose_test.compose import address, compose

# Runs in the container of our own mail server.
_SUBJECTS = "import mailbox; print(*(m['Subject'] for m in mailbox.Maildir('/tmp/Maildir')), sep='\\n')"


def subjects(server: str) -> list[str]:
    """The subject of every mail. `server`: mailpit or sink (see compose-test.sh)."""
    if server == "sink":
        return compose("exec", "-T", "mailpit", "python", "-c", _SUBJECTS).splitlines()
    url = f"http://{address('mailpit', 8025)}/api/v1/messages?limit=500"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return [str(message["Subject"]) for message in json.load(answer)["messages"]]
