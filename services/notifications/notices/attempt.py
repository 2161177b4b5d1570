"""One attempt to hand a notice over, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notifications.notices.bundle import Message
from services.notifications.notices.notice import Notice
from shared.vocabulary import NotificationChannel


class Trouble(StrEnum):
    """Why the other side did not take a message. A closed set: it is a metric label."""

    unreachable = "unreachable"
    """No connection, or it broke."""
    timeout = "timeout"
    """It did not answer in time."""
    not_admitted = "not_admitted"
    """It does not let us in: TLS, sign-in, or our sender address. A fault of the set-up, never of one message."""
    deferred = "deferred"
    """It asked us to come again."""
    refused = "refused"
    """It will never take this message, or has no such recipient."""
    fault = "fault"
    """We broke before it could answer: an error in this program."""


OUTAGE = frozenset({Trouble.unreachable, Trouble.timeout, Trouble.not_admitted})
"""Troubles of the server as a whole: the next message would meet the same."""


class Undelivered(Exception):
    """The server did not say yes. `unsure`: it may have taken the message all the same, as its answer never came."""

    def __init__(self, trouble: Trouble, *, unsure: bool = False) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.unsure = unsure


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process alone may send until `until`: a notice by itself, or a bundle.

    `attempt` counts from 1. `unsure`: an earlier attempt may have sent it, so that this one may be a repeat. `since`: when
    it could have been sent first. `version` is the document's: whoever writes with an older one has lost the claim.
    `pointless`: what it asks for has been answered meanwhile. `refused`: channels by which it will never go.
    """

    message: Message
    attempt: int
    unsure: bool
    since: datetime
    until: datetime
    version: int
    pointless: bool = False
    refused: frozenset[NotificationChannel] = frozenset()


def first_claim(notice: Notice, now: datetime, until: datetime) -> Claimed:
    """The claim that a notice is stored with."""
    return Claimed(notice, attempt=1, unsure=False, since=now, until=until, version=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it at `at`, from whoever held the seat: `person` on call; `stands_in`: the coordinator's desk."""

    claimed: Claimed
    at: datetime
    person: str | None = None
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """To be tried again at `due`. `counts`: false where nothing was tried."""

    claimed: Claimed
    due: datetime
    unsure: bool
    trouble: Trouble | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """To be tried at `due` by another channel. `trouble`: what was wrong with this one; None where it just does not fit."""

    claimed: Claimed
    at: datetime
    due: datetime
    to: NotificationChannel
    unsure: bool
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Given up at `at`: refused for good by every channel, or out of reach for too long."""

    claimed: Claimed
    at: datetime
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Dropped:
    """Not sent, at `at`, as it had become pointless."""

    claimed: Claimed
    at: datetime


Settled = Sent | Failed | Dropped
Outcome = Settled | Later | Moved
