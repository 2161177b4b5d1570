"""Runs contenders in turn, again and again, so that a slow moment of the machine hits all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from statistics import median

from benchmarks.pace import Lap

Contender = Callable[[int], Awaitable[Lap]]
"""Runs once. Is given the number of the round, from 1; 0 is a warm-up."""


class Race:
    """The laps of each contender, round by round."""

    def __init__(self, laps: Mapping[str, Sequence[Lap]]) -> None:
        self.laps = laps

    def rate(self, name: str) -> float:
        """The contender's median rate, in events a second."""
        return median(lap.rate for lap in self.laps[name])

    def ratio(self, one: str, other: str) -> float:
        """How fast `one` is as a share of `other`: the median of the shares of each round."""
        return median(a.rate / b.rate for a, b in zip(self.laps[one], self.laps[other], strict=True))

    def cpu_ratio(self, one: str, other: str) -> float:
        """The same by processor time."""
        return median(a.cpu_rate / b.cpu_rate for a, b in zip(self.laps[one], self.laps[other], strict=True))


async def race(contenders: Mapping[str, Contender], rounds: int, say: Callable[[str], None]) -> Race:
    """Every contender once a round; each round begins with another one."""
    names = list(contenders)
    laps: dict[str, list[Lap]] = {name: [] for name in names}
    for number in range(1, rounds + 1):
        start = (number - 1) % len(names)
        for name in names[start:] + names[:start]:
            lap = await contenders[name](number)
            laps[name].append(lap)
            say(f"round {number} of {rounds}: {name} {lap.rate:,.0f}/s, {lap.cpu_rate:,.0f} a processor second")
    return Race(laps)
