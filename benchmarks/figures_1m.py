"""The same as `figures` with 1,000,000 referrals of 8 events, put into the database. Only where it is named: it takes 5 GB."""

from collections.abc import Iterable

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.figures import from_store


def measure(bench: Bench) -> Iterable[Figure]:
    """See `figures`."""
    return from_store(bench, bench.choose(1_000_000, 2500))
