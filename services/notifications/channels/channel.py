"""What every way to tell somebody has in common. One module each; `app.py` says which there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notifications.directory.reach import Reach
from services.notifications.notices.attempt import Trouble
from services.notifications.notices.bundle import Message
from shared.vocabulary import NotificationChannel


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way to whoever holds its seat at `now`. `target`: the address that this channel has of them."""

    message: Message
    reach: Reach
    target: str
    now: datetime


class Line(Protocol):
    """Sends one letter at a time."""

    async def send(self, letter: Letter) -> None:
        """Returns when the other side has taken responsibility for the message. Undelivered otherwise."""

    async def close(self) -> None:
        """Ends it; it is not used again."""


class Channel(Protocol):
    """A way to tell somebody."""

    kind: NotificationChannel
    lines: int
    """How many letters are sent at once."""
    per_second: float
    """How many at most."""
    send_seconds: float
    """How long one may take, everything included."""
    give_up_hours: float
    """After how long without success a notice counts as failed."""
    wholesale: frozenset[Trouble]
    """Troubles that every letter would meet: while they last, one at a time finds out."""

    def open(self) -> Line:
        """A line of its own for each sender."""
