"""The same as `figures` with 1,000,000 referrals, of which only the index is in the database. Only where it is named.

Once with 8 events each, once with the 15 of a synthetic year. To store and read a million cases would take most of an hour and
say nothing that 100,000 do not say.
"""

from collections.abc import Iterable

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.figures import indexed


def measure(bench: Bench) -> Iterable[Figure]:
    """See `figures`."""
    count = bench.choose(1_000_000, 3000)
    yield from indexed(bench, f"{count:,} referrals, 8 events each", count, 8)
    yield from indexed(bench, f"{count:,} referrals, as in a year", count, None)
