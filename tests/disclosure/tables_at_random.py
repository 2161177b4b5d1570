"""Linked tables as releases have them, filled at random: a year of two halves, each broken down twice."""

from __future__ import annotations

from random import Random

from services.reporting.release.suppression import Key, Linked

KINDS = ("sex", "labor", "both")


def tables(seed: int) -> Linked:
    """A year that is two halves, each by who told and by town, and of each those that were served. Small towns have few."""
    rng = Random(seed)
    scale = rng.choice([2, 6, 20])
    values: dict[Key, int] = {}
    sums: list[tuple[Key, list[Key]]] = []
    at_most: list[tuple[Key, Key]] = []
    for half in ("first", "second"):
        people = [
            (rng.choice(KINDS), _skewed(rng, 4), _skewed(rng, 3), rng.random() < 0.4) for _ in range(rng.randint(1, scale * 10))
        ]
        for kind in KINDS:
            mine = [one for one in people if one[0] == kind]
            values[half, "received", "", kind] = len(mine)
            values[half, "served", "", kind] = sum(served for *_, served in mine)
            values |= {(half, "reporter", row, kind): sum(one[1] == row for one in mine) for row in range(4)}
            values |= {(half, "town", row, kind): sum(one[2] == row for one in mine) for row in range(3)}
    shapes = [("received", ""), ("served", ""), *(("reporter", row) for row in range(4)), *(("town", row) for row in range(3))]
    for table, row in shapes:
        for half in ("first", "second"):
            values[half, table, row, "total"] = sum(values[half, table, row, kind] for kind in KINDS)
            sums.append(((half, table, row, "total"), [(half, table, row, kind) for kind in KINDS]))
        for kind in (*KINDS, "total"):
            values["year", table, row, kind] = sum(values[half, table, row, kind] for half in ("first", "second"))
            sums.append((("year", table, row, kind), [(half, table, row, kind) for half in ("first", "second")]))
    for half in ("first", "second"):
        for kind in (*KINDS, "total"):
            sums += [
                ((half, "received", "", kind), [(half, table, row, kind) for row in range(rows)])
                for table, rows in (("reporter", 4), ("town", 3))
            ]
            at_most.append(((half, "served", "", kind), (half, "received", "", kind)))
    public = frozenset(key for key, value in values.items() if key[0] == "first" and value >= 11 and rng.random() < 0.2)  # type: ignore[index]
    return Linked(values, sums, at_most, public if seed % 2 else frozenset())


def _skewed(rng: Random, rows: int) -> int:
    return min(int(rng.expovariate(1.0)), rows - 1)
