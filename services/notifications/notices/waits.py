"""How long to wait: before the next attempt at a notice, and before a channel is tried again after an outage."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

Random = Callable[[], float]
"""A number from 0 to 1."""


def next_wait(attempt: int, first: float, longest: float, chance: Random = random.random) -> timedelta:
    """Doubles from `first` seconds up to `longest`; up to half is cut at random, so that not all come at once."""
    full = min(longest, first * 2 ** min(attempt - 1, 30))
    return timedelta(seconds=full * (1 - chance() / 2))


@dataclass
class Reachability:
    """Whether a channel can be reached. While it cannot, one message at a time finds out, at growing intervals.

    Failures are counted in rounds: whatever fails before the pause is over belongs to the same round, however many
    connections there are. `what` is at the other end. `longest` seconds of pause at most; `unready_after` rounds make it a
    problem worth reporting.
    """

    what: str
    longest: float
    unready_after: int
    first: float = 0.5
    monotonic: Callable[[], float] = time.monotonic
    rounds: int = 0
    _until: float = field(default=0.0, repr=False)

    def reached(self) -> None:
        """The server answered, whatever it said."""
        self.rounds = 0
        self._until = 0.0

    def failed(self) -> None:
        """The server was out of reach."""
        if self.monotonic() >= self._until:
            self.rounds += 1
            self._until = self.monotonic() + min(self.longest, self.first * 2 ** min(self.rounds - 1, 30))

    @property
    def pause(self) -> float:
        """Seconds in which nothing should be tried; 0 where all is well."""
        return max(0.0, self._until - self.monotonic())

    async def problem(self) -> str | None:
        """What readiness reports."""
        return f"{self.what} is out of reach; notices wait" if self.rounds >= self.unready_after else None
