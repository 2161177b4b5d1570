"""All cases as sets of their numbers, held in memory (Roaring bitmaps): what is in two sets at once is found at once.

A case that changed is taken out of all sets and put into those that it is in now, so what comes again changes nothing.
The sets and what they mean: `memberships`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Final

from pyroaring import BitMap

from services.reporting.figures.facets import FACETS
from services.reporting.figures.measure import TYPES
from services.reporting.index.memberships import COUNTED, DAY, FACET, KINDS, MONTH, RECEIVED, THAT_DAY, Name, Place, month_of

Sets = dict[int, BitMap]
"""Sets of one name, by member."""
Cell = tuple[str, ...]
"""A measure and one of its rows."""
NOBODY: Final[Mapping[int, BitMap]] = {}


class Index:
    """`sets[kind][name][member]`. A set that nobody is in does not exist."""

    def __init__(self) -> None:
        self.sets: dict[str, dict[Name, Sets]] = {kind: {} for kind in KINDS}

    def put(self, cases: Mapping[int, Iterable[Place]]) -> None:
        """Cases by number, each with the sets that it is in now, and in no others."""
        self._take_out(BitMap(cases))
        new: dict[Place, list[int]] = defaultdict(list)
        for number, places in cases.items():
            for place in places:
                new[place].append(number)
        for (kind, name, member), numbers in new.items():
            self.sets[kind].setdefault(name, {}).setdefault(member, BitMap()).update(numbers)

    def _take_out(self, numbers: BitMap) -> None:
        if not self.everyone.intersect(numbers):
            return
        for named in self.sets.values():
            for name, sets in list(named.items()):
                left = {member: less for member, found in sets.items() if (less := _without(found, numbers))}
                if left:
                    named[name] = left
                else:
                    del named[name]

    def every(self) -> Iterator[tuple[Place, BitMap]]:
        """All sets."""
        for kind, named in self.sets.items():
            for name, sets in named.items():
                yield from (((kind, name, member), found) for member, found in sets.items())

    def add(self, place: Place, members: BitMap) -> None:
        """A whole set."""
        kind, name, member = place
        self.sets[kind].setdefault(name, {})[member] = members

    def pack(self) -> None:
        """Gives back memory that growing has taken."""
        for _, found in self.every():
            found.run_optimize()
            found.shrink_to_fit()

    @property
    def everyone(self) -> BitMap:
        """Every case."""
        return BitMap().union(*self.sets[RECEIVED].get(("month",), NOBODY).values())

    @property
    def earliest(self) -> date | None:
        """The first day on which a case was received."""
        months, days = (self.sets[RECEIVED].get((part,), NOBODY) for part in ("month", "day"))
        if not months:
            return None
        year, month = divmod(min(months), 12)
        return date(year, month + 1, min(day for day, members in days.items() if members.intersect(months[min(months)])))

    @property
    def cells(self) -> set[Cell]:
        """Every row of a measure that a case counts in or is dated in."""
        dated = {name[1:] for name in self.sets[MONTH]}
        return {*self.sets[COUNTED], *self.sets[THAT_DAY], *dated}  # type: ignore[arg-type]  # all of them are words

    def with_any(self, facet: str, terms: Iterable[str]) -> BitMap:
        """The cases with any of these terms of a facet. ValueError for a word that is no term."""
        sets = self.sets[FACET].get((facet,), NOBODY)
        return BitMap().union(*(sets[place] for place in map(FACETS[facet].terms.index, terms) if place in sets))

    def narrowed(self, facets: Mapping[str, Iterable[str]]) -> BitMap:
        """The cases that pass all filters."""
        return self.everyone.intersection(*(self.with_any(facet, terms) for facet, terms in facets.items()))

    def by_type(self, numbers: BitMap) -> list[BitMap]:
        """These cases by kind of trafficking."""
        sets = self.sets[FACET].get(("type",), NOBODY)
        return [numbers & sets[place] if place in sets else BitMap() for place in range(len(TYPES))]

    def counted(self, cell: Cell) -> Sets:
        """The cases in the cell (0), those that are in it more than once (1), and so on."""
        return self.sets[COUNTED].get(cell) or {0: BitMap()}

    def received(self, first: date, last: date) -> BitMap:
        """The cases received from one day to another, both included."""
        sets = self.sets[RECEIVED]
        return _between(sets.get(("month",), NOBODY), sets.get(("day",), NOBODY), first, last)

    def happened(self, cell: Cell, first: date, last: date, received: BitMap) -> BitMap:
        """The cases dated in the cell from one day to another, however often; `received` are those received then."""
        found = [same & received for same in self.sets[THAT_DAY].get(cell, NOBODY).values()]
        for n in count():
            months, days = (self.sets[kind].get((n, *cell), NOBODY) for kind in (MONTH, DAY))
            if not months:
                return BitMap().union(*found)
            found.append(_between(months, days, first, last))
        raise AssertionError


def _without(found: BitMap, numbers: BitMap) -> BitMap:
    return found - numbers if found.intersect(numbers) else found


def _between(months: Mapping[int, BitMap], days: Mapping[int, BitMap], first: date, last: date) -> BitMap:
    """Those of these months and days whose day lies between two, both included."""
    begin, end = month_of(first), month_of(last)
    found = [members for month, members in months.items() if begin < month < end]
    for month in {begin, end} & months.keys():
        earliest = first.day if month == begin else 1
        latest = last.day if month == end and not _ends_month(last) else 31
        whole = earliest == 1 and latest == 31
        found.append(months[month] if whole else months[month] & _days(days, earliest, latest))
    return BitMap().union(*found)


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _days(days: Mapping[int, BitMap], earliest: int, latest: int) -> BitMap:
    return BitMap().union(*(members for day, members in days.items() if earliest <= day <= latest))
