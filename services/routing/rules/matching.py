"""Which rules hold in a case, found in a time that hardly grows with their number. Pure.

Every condition only says which terms of one fact it allows. So each term of a fact has a set of rules that it lets stand,
and the rules that hold are those that every fact lets stand: one look-up and one `and` of bits a fact, however many rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a `when`: the fact or conclusion `name` is one of `allowed`, or holds one of them where it is a list."""

    name: str
    allowed: frozenset[Any]

    def holds(self, known: Mapping[str, Any]) -> bool:
        """Whether it holds for facts and conclusions by name."""
        value = known[self.name]
        return not self.allowed.isdisjoint(value) if type(value) is tuple else value in self.allowed


class Matcher:
    """The conditions of several rules, one tuple a rule; a rule with two conditions on one fact is refused by its file."""

    def __init__(self, rules: Sequence[tuple[Condition, ...]]) -> None:
        self._all = (1 << len(rules)) - 1
        self._facts = [
            (name, self._let_stand(name, rules)) for name in dict.fromkeys(one.name for when in rules for one in when)
        ]

    def _let_stand(self, name: str, rules: Sequence[tuple[Condition, ...]]) -> tuple[int, dict[Any, int]]:
        """The bits of the rules that do not ask for the fact, and for each term those that it satisfies besides."""
        asking = {1 << place: one.allowed for place, when in enumerate(rules) for one in when if one.name == name}
        terms = frozenset[Any]().union(*asking.values())
        satisfied = {term: reduce(or_, (bit for bit, allowed in asking.items() if term in allowed)) for term in terms}
        return self._all & ~reduce(or_, asking), satisfied

    def holding(self, known: Mapping[str, Any]) -> list[int]:
        """The places of the rules that hold for facts and conclusions by name, in order."""
        bits = self._all
        for name, (unasked, satisfied) in self._facts:
            value = known[name]
            if type(value) is tuple:
                stand = unasked
                for term in value:
                    stand |= satisfied.get(term, 0)
                bits &= stand
            else:
                bits &= unasked | satisfied.get(value, 0)
        return _places(bits)


def _places(bits: int) -> list[int]:
    """The numbers of the bits that are set, from the lowest."""
    places = []
    while bits:
        lowest = bits & -bits
        places.append(lowest.bit_length() - 1)
        bits ^= lowest
    return places
