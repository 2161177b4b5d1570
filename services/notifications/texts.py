"""What a message may say, and the texts that say it. No personal detail can stand in one: they see only `Words`."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from babel.dates import format_datetime
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifications.links import Links
from services.notifications.notice import Notice
from shared.hours import ZONE

ENGLISH = "en"
_PATTERNS = {"en": "h:mm a zzz 'on' EEEE, MMMM d", "es": "H:mm zzz 'del' EEEE d 'de' MMMM"}


@dataclass(frozen=True, slots=True)
class Words:
    """All that a text may say: closed terms, a time, eight digits of the referral's id, and two addresses of ours.

    `reply`: what to answer to say that one has seen a text message.
    """

    kind: str
    urgency: str
    part: str
    reference: str
    answer_by: str
    link: str
    acknowledge: str
    reply: str = ""


def words(notice: Notice, links: Links, language: str = ENGLISH) -> Words:
    """The words for a notice; empty where there is nothing to say."""
    return Words(
        kind=notice.kind.value,
        urgency=notice.urgency.value,
        part=notice.asked_as.value if notice.asked_as else "",
        reference=str(notice.referral)[:8],
        answer_by=local_time(notice.answer_by, language) if notice.answer_by else "",
        link=links.desk(notice),
        acknowledge=links.acknowledge(notice),
    )


@lru_cache(maxsize=4096)
def local_time(moment: datetime, language: str = ENGLISH) -> str:
    """As people around Hartford write it, with the zone: `3:45 PM EST on Tuesday, November 24`."""
    return format_datetime(moment, _PATTERNS[language], tzinfo=ZONE, locale="en_US" if language == ENGLISH else "es_US")


class Texts:
    """The texts in every language. `offered`: those that a person has reviewed; any other reads English in its stead."""

    def __init__(self, offered: Collection[str] = (ENGLISH,)) -> None:
        self._offered = {ENGLISH, *offered}
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=StrictUndefined,
            auto_reload=False,
        )
        names = ("subject.txt", "body.txt", "body.html", "sms.txt")
        self._templates = {name: environment.get_template(name) for name in names}

    def language(self, wanted: str) -> str:
        """The language that is really used."""
        return wanted if wanted in self._offered else ENGLISH

    def write(self, name: str, language: str, said: Words) -> str:
        """The text `name` in one of the languages that are offered."""
        return self._templates[name].render(asdict(said), language=language)
