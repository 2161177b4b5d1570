"""All that a text may say. Pure: closed terms, times, eight digits of ids, and addresses of ours."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from services.notifications.notices.bundle import Bundle, Message, alone
from services.notifications.notices.notice import Notice, NoticeKind
from services.notifications.texts.links import Links
from shared.hours import ZONE

ENGLISH = "en"
_PATTERNS = {"en": "h:mm a zzz 'on' EEEE, MMMM d", "es": "H:mm zzz 'del' EEEE d 'de' MMMM"}


@dataclass(frozen=True, slots=True)
class Words:
    """Of one notice. `acknowledge` and `reply`: where, or by what answer, to say that one has seen it; several that are told
    together have one for all."""

    kind: str
    urgency: str
    part: str
    reference: str
    answer_by: str
    link: str
    acknowledge: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class WordsForMany:
    """Of several notices. `count` of them; `kinds`: how many of each, in the order of the kinds; `each`: in the order in which
    answers are due. `reference`: eight digits of the bundle's id.
    """

    form: str
    urgency: str
    reference: str
    count: int
    kinds: tuple[tuple[str, int], ...]
    each: tuple[Words, ...]
    acknowledge: str
    reply: str = ""


def words(message: Message, links: Links, language: str = ENGLISH, zone: ZoneInfo = ZONE) -> Words | WordsForMany:
    """The words for a message; empty where there is nothing to say. A bundle of one notice reads like that notice."""
    if notice := alone(message):
        return replace(_one(notice, links, language, zone), acknowledge=links.acknowledge(notice))
    assert isinstance(message, Bundle)
    return _many(message, links, language, zone)


def _one(notice: Notice, links: Links, language: str, zone: ZoneInfo) -> Words:
    return Words(
        kind=notice.kind.value,
        urgency=notice.urgency.value,
        part=notice.asked_as.value if notice.asked_as else "",
        reference=str(notice.referral)[:8],
        answer_by=local_time(notice.answer_by, language, zone) if notice.answer_by else "",
        link=links.desk(notice),
    )


def _many(bundle: Bundle, links: Links, language: str, zone: ZoneInfo) -> WordsForMany:
    counts = Counter(notice.kind for notice in bundle.notices)
    return WordsForMany(
        form=bundle.form.value,
        urgency=bundle.urgency.value,
        reference=str(bundle.id)[:8],
        count=len(bundle.notices),
        kinds=tuple((kind.value, counts[kind]) for kind in NoticeKind if counts[kind]),
        each=tuple(_one(notice, links, language, zone) for notice in bundle.by_time),
        acknowledge=links.acknowledge(bundle),
    )


def local_time(moment: datetime, language: str = ENGLISH, zone: ZoneInfo = ZONE) -> str:
    """As people write it there, with the zone: `3:45 PM EST on Tuesday, November 24`."""
    return _minute(moment.replace(second=0, microsecond=0), language, zone)


@lru_cache(maxsize=512)
def _minute(moment: datetime, language: str, zone: ZoneInfo) -> str:
    return format_datetime(moment, _PATTERNS[language], tzinfo=zone, locale="en_US" if language == ENGLISH else "es_US")
