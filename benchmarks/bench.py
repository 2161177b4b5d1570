"""What every measurement is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.figure import Figure
from benchmarks.ground import Ground

T = TypeVar("T")


@dataclass(frozen=True)
class Bench:
    """`folder`: of this measurement alone. `quick`: only see that it works, in a few seconds. `say`: a line of progress."""

    folder: Path
    cache: Path
    quick: bool
    say: Callable[[str], None]
    referrals: int | None = None
    """How many, where that was asked for; of the measurements that say they heed it."""
    prepare: bool = False
    """Only prepare what takes long, of the measurements that say they heed it; and keep it."""
    keep: bool = False
    """Leave the data for the next run, which takes up where this one ends."""

    def choose(self, full: T, quick: T) -> T:
        """The size of something, as it is wanted."""
        return quick if self.quick else full

    def ground(self) -> Ground:
        """A broker and a database, to be entered."""
        self.say("starting Kafka and MongoDB")
        return Ground(self.folder, self.cache, keep=self.keep or self.prepare)


Measurement = Callable[[Bench], Iterable[Figure]]
