"""How long things took, of any cases, without looking at each: by the binary places of their times. Pure.

For every binary place there is the set of cases whose time has a 1 there. The time at some place in order is found from the
highest binary place down: those with a 0 are smaller than those with a 1.
After P. O'Neil and D. Quass, Improved query performance with variant indexes (1997).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from pyroaring import BitMap, FrozenBitMap

Bits = Mapping[int, BitMap]
NOBODY: Final = FrozenBitMap()


@dataclass
class Lengths:
    """Times of some cases: `ended` has those cases for each `n`, as a case may have several, `bits[n]` says how long.

    `waiting` counts those that have not ended.
    """

    bits: Mapping[int, Bits]
    ended: dict[int, BitMap] = field(default_factory=dict)
    waiting: int = 0

    def add(self, n: int, cases: BitMap) -> None:
        """Those of these cases, too."""
        self.ended[n] = self.ended[n] | cases if n in self.ended else cases

    @classmethod
    def together(cls, bits: Mapping[int, Bits], several: Iterable["Lengths"]) -> Self:
        """All of them as one."""
        one = cls(bits)
        for lengths in several:
            one.waiting += lengths.waiting
            for n, cases in lengths.ended.items():
                one.add(n, cases)
        return one

    def within(self, cases: BitMap) -> "Lengths":
        """Those of these cases alone; `waiting` is not known of them."""
        return Lengths(self.bits, {n: members & cases for n, members in self.ended.items()})

    def __len__(self) -> int:
        """How many have ended."""
        return sum(map(len, self.ended.values()))

    def at_most(self, ms: int) -> int:
        """How many took no longer than that."""
        return sum(_at_most(self.bits.get(n, {}), cases, ms) for n, cases in self.ended.items())

    def percentile(self, percent: int) -> int | None:
        """The smallest time, in ms, that so many percent do not exceed (nearest rank). None where none has ended."""
        return self._smallest((len(self) * percent + 99) // 100) if len(self) else None

    def _smallest(self, rank: int) -> int:
        """The time at that place in ascending order, from 1."""
        left, ms = [(self.bits.get(n, {}), cases.copy()) for n, cases in self.ended.items()], 0
        for bit in range(_places(bits for bits, _ in left) - 1, -1, -1):
            ones = [(cases, bits.get(bit, NOBODY)) for bits, cases in left]
            shorter = sum(cases.difference_cardinality(longer) for cases, longer in ones)
            for cases, longer in ones:
                if rank <= shorter:
                    cases -= longer  # noqa: PLW2901  # in its place, as our copy
                else:
                    cases &= longer  # noqa: PLW2901
            if rank > shorter:
                rank, ms = rank - shorter, ms | 1 << bit
        return ms


def _places(several: Iterable[Bits]) -> int:
    return max((bit + 1 for bits in several for bit in bits), default=0)


def _at_most(bits: Bits, cases: BitMap, ms: int) -> int:
    if ms >> _places([bits]):
        return len(cases)
    found, as_long = 0, cases
    for bit in range(_places([bits]) - 1, -1, -1):
        ones: Any = bits.get(bit, BitMap())
        if ms >> bit & 1:
            found += len(as_long)
            as_long = as_long & ones
            found -= len(as_long)
        else:
            as_long = as_long - ones
    return found + len(as_long)
