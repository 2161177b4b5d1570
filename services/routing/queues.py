"""The desk's queues: in which of them a referral stands, and in what order they are read. Pure.

A referral that has ended stands in none. The words in `queues` are what is looked for; `key` and `asked` are what the
queues are sorted by, each with the referral's id, so that no two are the same.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from services.routing.derived import CHILDREN, possibly_minor
from services.routing.referral import ENDED, Referral
from services.routing.rules import MOST_URGENT_FIRST
from shared.events.facts import Facts
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


def place(referral: Referral) -> dict[str, Any] | None:
    """Where it stands; None once it has ended."""
    if referral.status in ENDED:
        return None
    facts = referral.facts
    return {
        "queues": _words(referral),
        "key": sort_key(MOST_URGENT_FIRST.index(referral.urgency), referral.received, referral),
        "asked": sort_key(0, max((one.since for one in referral.assignments.values()), default=referral.received), referral),
        "town": facts.town_of_exploitation,
        "type": facts.trafficking_type,
        "age": age(facts).value,
    }


def sort_key(rank: int, at: datetime, referral: Referral) -> str:
    """Sorts by rank, then by time, then by id. Milliseconds, as MongoDB keeps them."""
    return f"{rank}{int(at.timestamp() * 1000):013d}{referral.id.hex}"


def _words(referral: Referral) -> list[str]:
    words: list[str] = []
    for agency, part in referral.assignments.items():
        if part.status is AssignmentStatus.offered:
            words.append(offered_to(agency))
        elif part.status in _WORKING:
            words.append(worked_on_by(agency))
    parts = referral.assignments.values()
    if not any(part.status in _WORKING for part in parts):
        words.append(Queue.new)
    if any(part.status is AssignmentStatus.offered for part in parts):
        words.append(Queue.awaiting_answer)
    if any(clock.missed for clock in referral.clocks):
        words.append(Queue.overdue)
    if referral.escalated:
        words.append(Queue.escalated)
    return words


def words(queue: Queue, agency: str, *, of_all: bool) -> tuple[str, ...]:
    """What to look for, any of it: the whole desk's queue, or the part of it where `agency` has an open part."""
    if queue is Queue.mine:
        return offered_to(agency), worked_on_by(agency)
    if of_all:
        return (queue.value,)
    if queue in (Queue.new, Queue.awaiting_answer):
        return (offered_to(agency),)
    return offered_to(agency), worked_on_by(agency)
