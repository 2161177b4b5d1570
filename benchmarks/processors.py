"""How much of a processor each process of the stack uses: where two cores go."""

from __future__ import annotations

import time
from collections.abc import Mapping

import psutil

from benchmarks.figure import Figure
from benchmarks.stack import Stack


class Processors:
    """Counts from its making on."""

    def __init__(self, stack: Stack) -> None:
        servers = (stack.ground.broker, stack.ground.database, stack.mail, *stack.services.values())
        self._processes = {server.name: psutil.Process(server.pid) for server in servers} | {"this load": psutil.Process()}
        self._before, self._busy_before = self._now(), _busy()
        self._begun = time.monotonic()

    def _now(self) -> Mapping[str, float]:
        return {name: sum(process.cpu_times()[:2]) for name, process in self._processes.items()}

    def all_together(self) -> float:
        """Share of one core that all of them used (of 100 for each core), whatever else the machine does."""
        now = self._now()
        return 100 * sum(now[name] - self._before[name] for name in now) / (time.monotonic() - self._begun)

    def figures(self) -> list[Figure]:
        """Share of one core that each process used, all together, and what does not belong here (of 100 for each core)."""
        seconds, now = time.monotonic() - self._begun, self._now()
        shares = {name: 100 * (now[name] - self._before[name]) / seconds for name in now}
        all_ = sum(shares.values())
        others = max(0.0, 100 * (_busy() - self._busy_before) / seconds - all_)
        shares |= {"all together": all_, "others on this machine": others}
        return [Figure(f"processor time, {name}", share, "% of a core") for name, share in shares.items()]


def _busy() -> float:
    """Seconds that all cores have worked."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))
