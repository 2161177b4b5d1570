"""Which figures are hidden so that none under a threshold can be worked out. Pure.

A figure under the threshold is hidden, and as many others as it takes: for every one of them there is then another set of whole
numbers, none negative, that agrees with all that is shown and with every rule by which figures hang together, and in which that
figure is different. So nobody can compute it, whatever they add up or subtract. Zero is shown: it is about nobody.

Each such other set is found as the cheapest change of figures that keeps all rules (an integer program, solved by HiGHS):
figures that are hidden already may change for nothing, others cost the more the larger they are, and those that it changes are
hidden too.
After M. Fischetti and J. J. Salazar, Solving the cell suppression problem on tabular data with linear constraints (2001).

What it does not do: it does not keep people from guessing, from a range or from which figures were chosen to be hidden.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

FREE_OF_COST: Final = 1e-4
"""Not quite nothing, so that no more figures change than have to."""

Key = Hashable


class Exposed(Exception):
    """A small figure can be worked out from what was published before, whatever is hidden now. `keys` names such figures."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__("small figures can be worked out from what was published before")
        self.keys = keys


@dataclass(frozen=True)
class Linked:
    """Figures that hang together. All are whole numbers and at least 0.

    `sums`: a figure and those that add up to it. `at_most`: a figure and one that it cannot exceed. `public`: known to
    everybody already. `withheld`: not shown in any case, such as those that were hidden before.
    """

    values: Mapping[Any, int]
    sums: Sequence[tuple[Key, Sequence[Key]]] = ()
    at_most: Sequence[tuple[Key, Key]] = ()
    public: frozenset[Key] = frozenset()
    withheld: frozenset[Key] = field(default_factory=frozenset)

    @cached_property
    def places(self) -> Mapping[Key, int]:
        """The figures' places among the unknowns of an attacker."""
        return {key: place for place, key in enumerate(self.values)}

    @cached_property
    def rules(self) -> tuple[Any, Any]:
        """Two matrices: what is nought times the first, and at most nought times the second."""
        equal = [[(total, 1), *((part, -1) for part in parts)] for total, parts in self.sums]
        return self._matrix(equal), self._matrix([[(less, 1), (more, -1)] for less, more in self.at_most])

    def _matrix(self, rows: Sequence[Sequence[tuple[Key, int]]]) -> Any:
        entries = [(number, self.places[key], sign) for number, row in enumerate(rows) for key, sign in row]
        row, column, sign = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((np.array(sign, float), (row, column)), (len(rows), len(self.values)))


def small(linked: Linked, threshold: int) -> list[Key]:
    """The figures that nobody may learn, the smallest first."""
    found = [key for key, value in linked.values.items() if 0 < value < threshold and key not in linked.public]
    return sorted(found, key=lambda key: (linked.values[key], linked.places[key]))


def hidden(linked: Linked, threshold: int) -> frozenset[Key]:
    """The figures to hide; which of them are small is for nobody to know. Exposed where hiding cannot help."""
    secret = small(linked, threshold)
    chosen = {*secret, *linked.withheld}
    search = _Search(linked)
    safe = search.open_already(secret, chosen)
    exposed = []
    for key in secret:
        if key not in safe:
            changed = search.cheapest(key, chosen)
            chosen |= changed
            safe |= changed
            exposed += [] if changed else [key]
    if exposed:
        raise Exposed(exposed)
    return frozenset(chosen)


class _Search:
    """For other figures that agree with what is shown. Unknowns: how much each figure goes up, and how much down."""

    def __init__(self, linked: Linked) -> None:
        self._places = linked.places
        self._keys = list(linked.values)
        self._values = np.array([linked.values[key] for key in self._keys], float)
        self._movable = np.array([key not in linked.public for key in self._keys], bool)
        self._most = self._values.sum() + 1
        equal, at_most = linked.rules
        # Published figures of different dates may break a rule by a little; the room that there is can be used, not widened.
        room = np.maximum(0, -(at_most @ self._values))
        self._rules = [
            LinearConstraint(hstack([equal, -equal]), 0, 0),
            LinearConstraint(hstack([at_most, -at_most]), -np.inf, room),
        ]

    def open_already(self, secret: Sequence[Key], chosen: set[Key]) -> set[Key]:
        """Those that can have another value while only what is chosen changes. One search shows this of many at once."""
        among = self._movable & np.array([key in chosen for key in self._keys])
        safe: set[Key] = set()
        for key in secret:
            for up in (True, False):
                if key not in safe:
                    goal = np.zeros(2 * len(self._keys))
                    goal[self._places[key] + (0 if up else len(self._keys))] = -1
                    safe |= self._solve(goal, key, among, up=up)
        return safe

    def cheapest(self, key: Key, chosen: set[Key]) -> set[Key]:
        """What changes in the cheapest other set of figures in which `key` has another value; nothing where there is none.

        Zeros change only where it does not work without.
        """
        cost = np.array(
            [FREE_OF_COST if one in chosen else 1 + value for one, value in zip(self._keys, self._values, strict=True)]
        )
        for among in (self._movable & (self._values > 0), self._movable):
            for up in (True, False):
                changed = self._solve(np.tile(cost, 2), key, among, up=up)
                if changed:
                    return changed
        return set()

    def _solve(self, cost: Any, key: Key, among: Any, *, up: bool) -> set[Key]:
        """What changes where `key` goes up (or down) by at least one, none falls below 0, and only those `among` change."""
        place = self._places[key]
        rise, fall = self._most * among, self._values * among
        least_rise, least_fall = np.zeros_like(rise), np.zeros_like(fall)
        moving, still, least = (rise, fall, least_rise) if up else (fall, rise, least_fall)
        if moving[place] < 1:
            return set()
        still[place], least[place] = 0, 1
        bounds = Bounds(np.concatenate([least_rise, least_fall]), np.concatenate([rise, fall]))
        found = milp(cost, constraints=self._rules, integrality=1, bounds=bounds)
        if not found.success:
            return set()
        went_up, went_down = np.split(np.round(found.x), 2)
        return {self._keys[changed] for changed in np.flatnonzero(went_up - went_down)}
