"""`python -m tests.disclosure [tables]`: attacks tables filled at random. Exit status 1 where a small figure is found out."""

from __future__ import annotations

import sys

from rich.progress import track

from services.reporting.suppression import Exposed, hidden, small
from tests.disclosure.attacker import found_out
from tests.disclosure.tables_at_random import tables

THRESHOLDS = (5, 11)


def main(count: int) -> int:
    """Tells what was tried, so that a run in which nothing was hidden is seen as empty."""
    secret = extra = exposed = broken = 0
    for seed in track(range(count), "tables"):
        linked, threshold = tables(seed), THRESHOLDS[seed % 2]
        try:
            chosen = hidden(linked, threshold)
        except Exposed:
            exposed += 1
            continue
        secret += len(small(linked, threshold))
        extra += len(chosen) - len(small(linked, threshold))
        broken += bool(found_out(linked.values, chosen, linked.sums, linked.at_most, threshold))
    print(f"{count} tables, {secret} small figures, {extra} others hidden for their sake; {exposed} refused; {broken} broken")  # noqa: T201
    return 1 if broken or not extra else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
