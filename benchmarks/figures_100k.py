"""The same as `figures` with 100,000 referrals. Only where it is named: it takes some minutes and 3 GB."""

from collections.abc import Iterable

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.figures import from_topics


def measure(bench: Bench) -> Iterable[Figure]:
    """See `figures`."""
    return from_topics(bench, bench.choose(100_000, 200), often=True)
