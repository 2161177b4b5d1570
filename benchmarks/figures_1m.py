"""The same as `figures` with 1,000,000 referrals. Only where it is named: it takes many minutes and 10 GB."""

from collections.abc import Iterable

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.figures import measured


def measure(bench: Bench) -> Iterable[Figure]:
    """See `figures`."""
    return measured(bench, bench.choose(1_000_000, 300))
