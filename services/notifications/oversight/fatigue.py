"""How much each person is told, and when: what wears people out shows here before they stop reading. Pure.

A person is known where they were on call; whatever else went to a desk is counted for the desk.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from shared.hours import ZONE

_NIGHT = (time(22), time(7))


@dataclass(frozen=True, slots=True)
class Load:
    """Messages to a person, or to a desk, in a span of days: all, at night (22 to 7), the most in one clock hour, reminders.

    `who`: the person's handle, whatever desks they held; else the desk, by agency and role. `notices`: how many messages there
    had been if nothing were told together.
    """

    who: str
    notices: int
    messages: int
    at_night: int
    busiest_hour: int
    reminders: int


def loads(notices: Iterable[Mapping[str, Any]]) -> list[Load]:
    """What each was sent, by notices as they are stored; the most first."""
    sent: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for notice in notices:
        sent[notice.get("person") or f"{notice['agency']} {notice['role']}"].append(notice)
    return sorted((_load(who, them) for who, them in sent.items()), key=lambda load: (-load.messages, load.who))


def _load(who: str, sent: list[Mapping[str, Any]]) -> Load:
    messages = _messages(sent)
    times = [message[0]["settled"].astimezone(ZONE) for message in messages]
    hours = Counter(moment.replace(minute=0, second=0, microsecond=0) for moment in times)
    return Load(
        who=who,
        notices=len(sent),
        messages=len(messages),
        at_night=sum(_is_night(moment) for moment in times),
        busiest_hour=max(hours.values()),
        reminders=sum(all(notice["step"] > 0 for notice in message) for message in messages),
    )


def _messages(sent: list[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """The notices of each message."""
    together: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for notice in sent:
        if notice.get("bundle"):
            together[notice["bundle"]].append(notice)
    return [*together.values(), *([notice] for notice in sent if not notice.get("bundle"))]


def _is_night(moment: datetime) -> bool:
    begin, end = _NIGHT
    return moment.time() >= begin or moment.time() < end
