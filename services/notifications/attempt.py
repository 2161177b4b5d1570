"""One attempt to hand a notice over, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notifications.notice import Notice


class Trouble(StrEnum):
    """Why a mail server did not take a message. A closed set: it is a metric label."""

    unreachable = "unreachable"
    """No connection, or it broke."""
    timeout = "timeout"
    """It did not answer in time."""
    not_admitted = "not_admitted"
    """It does not let us in: TLS, sign-in, or our sender address. A fault of the set-up, never of one message."""
    deferred = "deferred"
    """It asked us to come again (4xx)."""
    refused = "refused"
    """It will not take this message or this recipient (5xx)."""
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
    """A notice that this process alone may send until `until`.

    `attempt` counts from 1. `unsure`: an earlier attempt may have sent it, so that this one may be a repeat. `since`: when
    the notice was made. `version` is the document's: whoever writes with an older one has lost the claim. `pointless`: what
    it asks for has been answered meanwhile.
    """

    notice: Notice
    attempt: int
    unsure: bool
    since: datetime
    until: datetime
    version: int
    pointless: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it at `at`."""

    claimed: Claimed
    at: datetime


@dataclass(frozen=True, slots=True)
class Later:
    """To be tried again at `due`. `counts`: false where nothing was tried."""

    claimed: Claimed
    due: datetime
    unsure: bool
    trouble: Trouble | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """Given up at `at`: refused for good, or out of reach for too long."""

    claimed: Claimed
    at: datetime
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Dropped:
    """Not sent, at `at`, as it had become pointless."""

    claimed: Claimed
    at: datetime


Outcome = Sent | Later | Failed | Dropped
