"""How many of the referrals about the same person are found, and how many of those found are: on made-up referrals."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from uuid import UUID

from benchmarks.alike import Told, referrals
from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least
from services.intake.duplicates.likeness import LIKELY, likeness
from services.intake.duplicates.traits import Kind, Trait, traits


def found(told: Sequence[Told]) -> set[tuple[int, int]]:
    """The pairs of places that are told to people as likely the same."""
    places: dict[Trait, list[int]] = defaultdict(list)
    for place, one in enumerate(told):
        for trait in traits(one.fields, one.age):
            places[trait].append(place)
    shared: dict[tuple[int, int], set[Kind]] = defaultdict(set)
    for trait, there in places.items():
        for pair in combinations(there, 2):
            shared[pair].add(trait.kind)
    return {pair for pair, kinds in shared.items() if likeness(UUID(int=0), kinds).score >= LIKELY}


def quality(told: Sequence[Told]) -> tuple[float, float]:
    """Precision and recall: the share of what was found that is right, and of what is there that was found."""
    same = {pair for pair in combinations(range(len(told)), 2) if told[pair[0]].person == told[pair[1]].person}
    pairs = found(told)
    return len(pairs & same) / max(1, len(pairs)), len(pairs & same) / len(same)


def measure(bench: Bench) -> Iterable[Figure]:
    """On referrals about people of whom a quarter is told of twice."""
    people = bench.choose(1_600, 200)
    told = referrals(people, people // 4, seed=8)
    precision, recall = quality(told)
    begun = time.process_time()
    for one in told:
        traits(one.fields, one.age)
    each = (time.process_time() - begun) / len(told)
    return [
        Figure(f"possible duplicates among {len(told)} referrals: precision", precision, "", at_least(0.95)),
        Figure("the same: recall", recall, "", at_least(0.8)),
        Figure("finding the traits of a referral", 1000 * each, "ms"),
    ]
