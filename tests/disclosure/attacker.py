"""Somebody who knows everything that is shown and every rule, and computes what the hidden figures can be.

Shares no code with the suppression: it is given the figures as a reader sees them, and asks for the least and the most that a
hidden one can be among whole numbers of at least 0. Where these are the same, the figure is found out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

Key = Hashable
Sums = Sequence[tuple[Key, Sequence[Key]]]
Orders = Sequence[tuple[Key, Key]]
MOST = 100_000
"""More people than there can be in a figure."""


class Attacker:
    """`shown` has None for each hidden figure."""

    def __init__(self, shown: Mapping[Key, int | None], sums: Sums, at_most: Orders) -> None:
        self.place = {key: number for number, key in enumerate(shown)}
        self._bounds = Bounds(
            np.array([value or 0 for value in shown.values()], float),
            np.array([MOST if value is None else value for value in shown.values()], float),
        )
        rules = lil_array((len(sums) + len(at_most), len(shown)))
        for number, (total, parts) in enumerate(sums):
            rules[number, self.place[total]] = 1
            for part in parts:
                rules[number, self.place[part]] -= 1
        for number, (less, more) in enumerate(at_most, len(sums)):
            rules[number, self.place[less]], rules[number, self.place[more]] = 1, -1
        least = np.repeat([0.0, -np.inf], [len(sums), len(at_most)])
        self._rules = LinearConstraint(rules.tocsr(), least, 0)

    def worlds(self, key: Key) -> Iterator[Any]:
        """All figures as they would be where this one is as small, and as large, as it can be."""
        goal = np.zeros(len(self.place))
        for sign in (1, -1):
            goal[self.place[key]] = sign
            found = milp(goal, constraints=self._rules, integrality=1, bounds=self._bounds)
            assert found.success, "what is shown does not agree with itself"
            yield np.round(found.x)

    def can_be(self, key: Key) -> tuple[int, int]:
        """The least and the most of a figure."""
        least, most = (int(world[self.place[key]]) for world in self.worlds(key))
        return least, most


def found_out(values: Mapping[Key, int], hidden: frozenset[Key], sums: Sums, at_most: Orders, threshold: int) -> set[Key]:
    """The figures under the threshold that can be worked out."""
    small = {key for key, value in values.items() if 0 < value < threshold}
    attacker = Attacker({key: None if key in hidden else value for key, value in values.items()}, sums, at_most)
    safe: set[Key] = set()
    for key in small & hidden:
        if key not in safe:
            for world in attacker.worlds(key):
                safe |= {one for one in small if world[attacker.place[one]] != values[one]}
    return small - safe
