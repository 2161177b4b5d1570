"""Stops a reader when too large a share of its records goes dead: then the fault is more likely ours than theirs."""

from collections import deque

from shared.delivery.errors import Halted


class DeadShare:
    """The share of dead letters among the last `window` records; `least` of them are needed to say anything."""

    def __init__(self, *, window: int = 500, least: int = 50, share: float = 0.5) -> None:
        self._recent: deque[bool] = deque(maxlen=window)
        self._least = least
        self._share = share

    def add(self, *, dead: int, alive: int) -> None:
        """Counts what became of some records; Halted where the dead are too many."""
        self._recent.extend([False] * alive + [True] * dead)
        lost = sum(self._recent)
        if lost >= self._least and lost > self._share * len(self._recent):
            raise Halted(f"{lost} of the last {len(self._recent)} records went dead")
