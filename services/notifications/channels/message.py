"""The mail of a notice or of several: headers, and the texts as plain text and HTML."""

from base64 import encodebytes
from collections.abc import Mapping
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

from services.notifications.directory.reach import Reach
from services.notifications.notices.bundle import Message
from services.notifications.texts.links import Links
from services.notifications.texts.texts import Texts
from services.notifications.texts.words import words

_ONE_LINE = 900


class Writer:
    """Writes messages from one sender. `sender` is an address, `name` stands before it."""

    def __init__(self, sender: str, name: str, texts: Texts, links: Links) -> None:
        self._from = formataddr((name, sender))
        self._domain = sender.rpartition("@")[2]
        self._texts = texts
        self._links = links

    def message_id(self, message: Message) -> str:
        """The same for every attempt, so that mail programs can drop a repeat."""
        return f"<{message.id}@{self._domain}>"

    def write(self, told: Message, recipient: Reach, now: datetime) -> bytes:
        """The whole message, ready for DATA."""
        language = self._texts.language(recipient.language)
        said = words(told, self._links, language, recipient.zone)
        subject, plain, html = (self._texts.write(name, language, said) for name in ("subject.txt", "body.txt", "body.html"))
        headers = {
            "From": self._from,
            "To": formataddr((recipient.name, recipient.address or "")),
            "Subject": _header(subject),
            "Date": format_datetime(now),
            "Message-ID": self.message_id(told),
            "List-Id": f"Referral notices <notices.{self._domain}>",
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
        }
        return _alternatives(headers, {"plain": plain, "html": html}, told.id.hex)


def _header(text: str) -> str:
    """A header's text in one line; what is not ASCII is encoded as mail does it."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=_ONE_LINE).encode()


def _alternatives(headers: Mapping[str, str], texts: Mapping[str, str], boundary: str) -> bytes:
    """A message that says the same in several ways, the simplest first.

    By hand, as it is done for every mail: our headers are short lines of ASCII, and email.mime took a third of a notice's time.
    """
    form = {"MIME-Version": "1.0", "Content-Type": f'multipart/alternative; boundary="{boundary}"'}
    head = "\n".join(f"{name}: {value}" for name, value in {**headers, **form}.items())
    parts = "".join(f"\n--{boundary}\n{_part(kind, text)}" for kind, text in texts.items())
    return f"{head}\n{parts}\n--{boundary}--\n".replace("\n", "\r\n").encode("ascii")


def _part(kind: str, text: str) -> str:
    if text.isascii():
        return f'Content-Type: text/{kind}; charset="us-ascii"\nContent-Transfer-Encoding: 7bit\n\n{text}'
    coded = encodebytes(text.encode()).decode()
    return f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n{coded}'
