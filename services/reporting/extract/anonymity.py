"""How coarse records have to be so that each is like at least k - 1 others (k-anonymity, Sweeney 2002). Pure.

What somebody who knows the person may know of them (month, age, town, …) are the quasi-identifiers. Each has a ladder from its
finest saying to none at all. All records stand on the same rung of a ladder. Rungs are climbed one at a time, always where that
leaves the fewest records in classes under k; once these are few enough, they are withheld.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Key = tuple[Hashable, ...]
"""The quasi-identifiers of a record as they are, in the order of the ladders."""
Ladder = Sequence[Callable[[Any], str]]
"""From the finest to the coarsest saying."""
Saying = tuple[str, ...]
"""The quasi-identifiers of a record as they are told."""

Levels = tuple[int, ...]
"""The rung of each ladder."""

NOTHING: Final = "*"


@dataclass(frozen=True)
class Plan:
    """`levels`: the rung of each ladder. `shown`: what is told of at least k records. `records` and `withheld` count."""

    ladders: Sequence[Ladder]
    levels: Levels
    shown: frozenset[Saying]
    records: int
    withheld: int

    def saying(self, key: Key) -> Saying | None:
        """How the record is told; None where it is withheld."""
        told = _told(self.ladders, self.levels, key)
        return told if told in self.shown else None


def nothing(_: Any) -> str:
    """The last rung of every ladder."""
    return NOTHING


def plan(counts: Mapping[Key, int], ladders: Sequence[Ladder], k: int, most_withheld: float, floor: Sequence[int]) -> Plan:
    """The finest that is found. `most_withheld`: which share of the records at most; `floor`: no rung lower than these.

    On the last rungs all are alike: then everything is withheld where there are fewer than k.
    """
    records, levels = _Records(counts, ladders, k), tuple(floor)
    most = most_withheld * sum(counts.values())
    while records.rare(levels) > most:
        higher = [_moved(levels, place, 1) for place, ladder in enumerate(ladders) if levels[place] + 1 < len(ladder)]
        if not higher:
            break
        levels = min(higher, key=records.rare)
    for place in reversed(range(len(levels))):  # a rung climbed early may not be needed any more
        while levels[place] > floor[place] and records.rare(_moved(levels, place, -1)) <= most:
            levels = _moved(levels, place, -1)
    shown = frozenset(told for told, count in records.classes(levels).items() if count >= k)
    rare = records.rare(levels)
    return Plan(ladders, levels, shown, sum(counts.values()) - rare, rare)


@dataclass(frozen=True)
class _Records:
    counts: Mapping[Key, int]
    ladders: Sequence[Ladder]
    k: int

    def classes(self, levels: Levels) -> Counter[Saying]:
        """How many are told alike."""
        classes: Counter[Saying] = Counter()
        for key, count in self.counts.items():
            classes[_told(self.ladders, levels, key)] += count
        return classes

    def rare(self, levels: Levels) -> int:
        """How many are in classes under k."""
        return sum(count for count in self.classes(levels).values() if count < self.k)


def _told(ladders: Sequence[Ladder], levels: Levels, key: Key) -> Saying:
    return tuple(ladder[level](one) for ladder, level, one in zip(ladders, levels, key, strict=True))


def _moved(levels: Levels, place: int, by: int) -> Levels:
    return (*levels[:place], levels[place] + by, *levels[place + 1 :])
