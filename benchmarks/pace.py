"""Counts how fast a loop goes round once it runs: whole rounds only, neither its start nor its end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lap:
    """One run of a loop. `cpu`: processor seconds of this process, which tell more than the clock on a busy machine."""

    events: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    @property
    def cpu_rate(self) -> float:
        """Events for each second of processor time."""
        return self.events / self.cpu


@dataclass
class Pace:
    """Told of every batch at the same place of the loop."""

    _ticks: list[tuple[float, float, int]] = field(default_factory=list)
    events: int = 0

    def tick(self, events: int) -> None:
        """A batch of so many events is at this place now."""
        self._ticks.append((time.perf_counter(), time.process_time(), events))
        self.events += events

    def lap(self, skip: int = 1) -> Lap:
        """From the batch after the first `skip`, in which connections are made, to the last: that many full rounds."""
        rounds = self._ticks[skip:]
        if len(rounds) < 2:
            raise ValueError(f"too few batches to measure: {len(self._ticks)}")
        first, last = rounds[0], rounds[-1]
        return Lap(sum(events for _, _, events in rounds[:-1]), last[0] - first[0], last[1] - first[1])
