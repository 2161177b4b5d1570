"""The desk's queues: in which of them a referral stands, and in what order they are read. Pure.

A referral that has ended stands in none. The words in `queues` are what is looked for; `key` and `asked` are what the
queues are sorted by, each with the referral's id, so that no two are the same.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from services.routing.commands.authorization import Actor
from services.routing.life.referral import ENDED, Referral
from services.routing.rules.decision import MOST_URGENT_FIRST
from services.routing.rules.derived import CHILDREN, possibly_minor
from shared.events.facts import Facts
from shared.principal import Role
from shared.vocabulary import AssignmentStatus, Minor

_WORKING = frozenset({AssignmentStatus.accepted, AssignmentStatus.in_progress})


class Queue(StrEnum):
    """What somebody at the desk asks for."""

    new = "new"
    """Nobody has taken it yet."""
    mine = "mine"
    """My agency has an open part. Those asked last come first."""
    awaiting_answer = "awaiting_answer"
    """An agency has been asked and has not answered."""
    overdue = "overdue"
    """A clock has run out, and what it waits for has not happened."""
    escalated = "escalated"
    """The next level was told, and the coordinator has not acted since."""


class Age(StrEnum):
    """Who it is about: `minor` also where it is not known to be an adult."""

    minor = "minor"
    adult = "adult"
    unknown = "unknown"


def age(facts: Facts) -> Age:
    """`unknown` is a part of those who may be minors: nobody has said, and nothing tells of a child."""
    if not possibly_minor(facts):
        return Age.adult
    told = facts.minor is Minor.yes or facts.age_band in CHILDREN or facts.missing_child
    return Age.minor if told else Age.unknown


def offered_to(agency: str) -> str:
    """The word for: this agency has been asked and has not answered."""
    return f"offered:{agency}"


def worked_on_by(agency: str) -> str:
    """The word for: this agency has taken its part and not ended it."""
    return f"working:{agency}"


def within(queue: Queue, agency: str) -> str:
    """The word for: it stands in this queue, and this agency has an open part. Kept for the seldom queues only."""
    return f"{queue.value}:{agency}"


class Standing(NamedTuple):
    """What of a referral's place does not depend on its id and facts. `key` and `asked`: as far as the id."""

    queues: list[str]
    key: str
    asked: str


def standing(referral: Referral) -> Standing | None:
    """In which queues it stands, and where; None once it has ended."""
    if referral.status in ENDED:
        return None
    asked = max([one.since for one in referral.assignments.values()], default=referral.received)
    urgency = MOST_URGENT_FIRST.index(referral.urgency)
    return Standing(_words(referral), f"{urgency}{_milliseconds(referral.received)}", f"0{_milliseconds(asked)}")


def place(referral: Referral, stands: Standing | None) -> dict[str, Any] | None:
    """Its place as it is stored. `stands`: its own standing, or that of one like it."""
    if stands is None:
        return None
    facts, id_ = referral.facts, referral.id.hex
    return {
        "queues": stands.queues,
        "key": stands.key + id_,
        "asked": stands.asked + id_,
        "town": facts.town_of_exploitation,
        "type": facts.trafficking_type,
        "age": age(facts).value,
    }


def _milliseconds(at: datetime) -> str:
    """A time to sort by, as exact as MongoDB keeps it."""
    return f"{int(at.timestamp() * 1000):013d}"


def _words(referral: Referral) -> list[str]:
    """As few as will do, since each is an entry in every index. What is new awaits an answer, so that `new` says both."""
    words: list[str] = []
    for agency, part in referral.assignments.items():
        if part.status is AssignmentStatus.offered:
            words.append(offered_to(agency))
        elif part.status in _WORKING:
            words.append(worked_on_by(agency))
    parts = referral.assignments.values()
    if not any([part.status in _WORKING for part in parts]):
        words.append(Queue.new)
    elif any([part.status is AssignmentStatus.offered for part in parts]):
        words.append(Queue.awaiting_answer)
    seldom = [Queue.overdue] if any([clock.missed for clock in referral.clocks]) else []
    seldom += [Queue.escalated] if referral.escalated else []
    for queue in seldom:
        words += [queue, *(within(queue, part.agency) for part in parts if part.is_open)]
    return words


class Look(NamedTuple):
    """One look into a queue. `words`: of each group any has to stand in the document's `queues`; `having`: fields of `desk`;
    `after`: the last key (or, newest first, `asked`) that was seen.
    """

    words: tuple[tuple[str, ...], ...]
    newest_first: bool
    having: Mapping[str, str]
    after: str | None = None


def look(queue: Queue, reader: Actor, agency: str | None, having: Mapping[str, str], after: str | None) -> Look:
    """What to look for: an agency's people find only referrals in which it has an open part; `agency` narrows it down."""
    whose = [agency] if agency else []
    if queue is Queue.mine or reader.role is not Role.coordinator:
        whose.append(reader.agency)
    words = [_word(queue, one) for one in dict.fromkeys(whose)]
    if queue is Queue.new or not words:
        words.append((queue.value, Queue.new.value) if queue is Queue.awaiting_answer else (queue.value,))
    return Look(tuple(words), queue is Queue.mine, having, after)


def _word(queue: Queue, agency: str) -> tuple[str, ...]:
    if queue in (Queue.overdue, Queue.escalated):
        return (within(queue, agency),)
    return (offered_to(agency),) if queue in (Queue.awaiting_answer, Queue.new) else (offered_to(agency), worked_on_by(agency))
