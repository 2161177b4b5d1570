"""When a process that ended is started again: a pure rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
STABLE_AFTER = 60.0


@dataclass(frozen=True)
class Restarts:
    """How often one process has been started again. Times are seconds of a monotonic clock.

    `count`: since the stack came up. `in_a_row`: without `STABLE_AFTER` seconds of life in between.
    """

    started: float
    count: int = 0
    in_a_row: int = 0

    def delay(self, ended: float) -> float:
        """Seconds to wait before the next start: doubled with each end in a row, half a second after a stable life."""
        failures = 0 if self._was_stable(ended) else self.in_a_row
        return float(min(FIRST_DELAY * 2**failures, LONGEST_DELAY))

    def again(self, ended: float, now: float) -> Restarts:
        """The process ended at `ended` and is started again at `now`."""
        in_a_row = 1 if self._was_stable(ended) else self.in_a_row + 1
        return replace(self, started=now, count=self.count + 1, in_a_row=in_a_row)

    def _was_stable(self, ended: float) -> bool:
        return ended - self.started >= STABLE_AFTER
