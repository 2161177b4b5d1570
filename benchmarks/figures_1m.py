"""The same as `figures` with 1,000,000 referrals, of which only the index is in the database. Only where it is named.

To store and read a million cases would take most of an hour and say nothing that 100,000 do not say.
"""

from collections.abc import Iterable

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.figures import measured


def measure(bench: Bench) -> Iterable[Figure]:
    """See `figures`."""
    return measured(bench, bench.choose(1_000_000, 3000), stored=False)
