"""How fast a topic may be read, so that who floods one topic takes nothing from the readers of the others. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Allowance:
    """`rate` records a second of each topic, and `burst` at once after a quiet time. `now`: seconds of any one clock.

    What is read beyond it is owed: the topic rests until it is paid off. Nothing is lost, it waits on the broker.
    """

    rate: float
    burst: float
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, topic: str, records: int, now: float) -> None:
        """So many records were read."""
        self._left[topic] = (self.left(topic, now) - records, now)

    def left(self, topic: str, now: float) -> float:
        """How many may be read now; negative while something is owed."""
        left, at = self._left.get(topic, (self.burst, now))
        return min(self.burst, left + (now - at) * self.rate)

    def rest(self, topics: Iterable[str], now: float) -> float:
        """Seconds until the first of the topics may be read again; 0 where one may be read now."""
        return max(0.0, min((1 - self.left(topic, now)) / self.rate for topic in topics))
