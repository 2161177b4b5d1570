"""The mails that were sent, read where they arrived."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from deploy.compose_test.compose import address, compose

# Runs in the container of our own mail server.
_TEXTS = """
import email, email.policy, json, mailbox
mail_of = lambda file: email.message_from_binary_file(file, policy=email.policy.default)
mails = mailbox.Maildir("/tmp/Maildir", factory=mail_of)
print(json.dumps([mail["Subject"] + "\\n" + mail.get_body(("plain",)).get_content() for mail in mails]))
"""


def texts(server: str) -> list[str]:
    """The subject and the plain text of every mail. `server`: mailpit or sink (see compose-test.sh)."""
    if server == "sink":
        return [str(text) for text in json.loads(compose("exec", "-T", "mailpit", "python", "-c", _TEXTS))]
    mails = [_asked(f"message/{listed['ID']}") for listed in _asked("messages?limit=500")["messages"]]
    return [f"{mail['Subject']}\n{mail['Text']}" for mail in mails]


def _asked(what: str) -> Any:
    with urllib.request.urlopen(f"http://{address('mailpit', 8025)}/api/v1/{what}", timeout=10) as answer:
        return json.load(answer)
