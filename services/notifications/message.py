"""The message of a notice. No personal detail can stand in it: the texts see only the words of `Words`."""

from dataclasses import asdict, dataclass
from datetime import datetime
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifications.notice import Notice
from services.notifications.reach import Reach

LOCAL = ZoneInfo("America/New_York")


class _ShortHeaders(Compat32):
    """Writes headers as they are: ours are short ASCII lines, and breaking lines took a third of a message's time."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode("ascii")


_WIRE = _ShortHeaders(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Words:
    """All that a text may say: closed terms, a time, eight digits of the referral's id, and the address of the desk."""

    kind: str
    urgency: str
    part: str
    reference: str
    answer_by: str
    link: str


def words(notice: Notice, desk_url: str) -> Words:
    """The words for a notice; empty where there is nothing to say."""
    return Words(
        kind=notice.kind.value,
        urgency=notice.urgency.value,
        part=notice.asked_as.value if notice.asked_as else "",
        reference=str(notice.referral)[:8],
        answer_by=local_time(notice.answer_by) if notice.answer_by else "",
        link=desk_url.replace("{referral}", str(notice.referral)),
    )


def local_time(moment: datetime) -> str:
    """As people around Hartford write it, with the zone: `3:45 PM EST on Tuesday, November 24`."""
    there = moment.astimezone(LOCAL)
    return f"{there.hour % 12 or 12}:{there:%M %p %Z} on {there:%A, %B} {there.day}"


class Writer:
    """Writes messages from one sender. `sender` is an address, `name` stands before it."""

    def __init__(self, sender: str, name: str, desk_url: str) -> None:
        self._from = formataddr((name, sender))
        self._domain = sender.rpartition("@")[2]
        self._desk_url = desk_url
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=StrictUndefined,
            auto_reload=False,
        )
        self._subject, self._text, self._html = map(environment.get_template, ("subject.txt", "body.txt", "body.html"))

    def message_id(self, notice: Notice) -> str:
        """The same for every attempt at a notice, so that mail programs can drop a repeat."""
        return f"<{notice.id}@{self._domain}>"

    def write(self, notice: Notice, recipient: Reach, now: datetime) -> bytes:
        """The whole message, ready for DATA."""
        said = asdict(words(notice, self._desk_url))
        # The older MIME classes take a third of EmailMessage's time, and this is done for every mail.
        message = MIMEMultipart("alternative", boundary=notice.id.hex)
        message["From"] = self._from
        message["To"] = formataddr((recipient.name, recipient.address or ""))
        message["Subject"] = self._subject.render(said)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = self.message_id(notice)
        message["List-Id"] = f"Referral notices <notices.{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.attach(MIMEText(self._text.render(said), "plain"))
        message.attach(MIMEText(self._html.render(said), "html"))
        return message.as_bytes(policy=_WIRE)
