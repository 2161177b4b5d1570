"""The mail of a notice or of several: headers, and the texts as plain text and HTML."""

from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime, formataddr

from services.notifications.directory.reach import Reach
from services.notifications.notices.bundle import Message
from services.notifications.texts.links import Links
from services.notifications.texts.texts import Texts
from services.notifications.texts.words import words

_ONE_LINE = 900


class _ShortHeaders(Compat32):
    """Writes headers as they are: ours are short ASCII lines, and breaking lines took a third of a message's time."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode("ascii")


_WIRE = _ShortHeaders(linesep="\r\n")


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
        # The older MIME classes take a third of EmailMessage's time, and this is done for every mail.
        message = MIMEMultipart("alternative", boundary=told.id.hex)
        message["From"] = self._from
        message["To"] = formataddr((recipient.name, recipient.address or ""))
        message["Subject"] = _header(self._texts.write("subject.txt", language, said))
        message["Date"] = format_datetime(now)
        message["Message-ID"] = self.message_id(told)
        message["List-Id"] = f"Referral notices <notices.{self._domain}>"
        message["Content-Language"] = language
        message["Auto-Submitted"] = "auto-generated"
        message.attach(MIMEText(self._texts.write("body.txt", language, said), "plain"))
        message.attach(MIMEText(self._texts.write("body.html", language, said), "html"))
        return message.as_bytes(policy=_WIRE)


def _header(text: str) -> str:
    """A header's text in one line; what is not ASCII is encoded as mail does it."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=_ONE_LINE).encode()
