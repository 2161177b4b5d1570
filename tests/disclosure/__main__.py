"""`python -m tests.disclosure [tables]`: attacks tables filled at random. Exit status 1 where a small figure is found out."""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from rich.progress import track

from services.reporting.release.suppression import Exposed, hidden, small
from tests.disclosure.attacker import found_out
from tests.disclosure.tables_at_random import tables

THRESHOLDS = (5, 11)
PROCESSES = 2
WORDS = {"small": "small figures", "extra": "others hidden for their sake", "refused": "refused", "broken": "broken"}


def attack(seed: int) -> Counter[str]:
    """What happened to one: so many figures were `small`, `extra` ones hidden with them, and it was `refused` or `broken`."""
    linked, threshold = tables(seed), THRESHOLDS[seed % 2]
    secret = len(small(linked, threshold))
    try:
        chosen = hidden(linked, threshold)
    except Exposed:
        return Counter(refused=1)
    found = found_out(linked.values, chosen, linked.sums, linked.at_most, threshold)
    return Counter(small=secret, extra=len(chosen) - secret, broken=bool(found))


def main(count: int) -> int:
    """Tells what was tried, so that a run in which nothing was hidden is seen as empty."""
    started, all_of_them = time.monotonic(), Counter[str]()
    with ProcessPoolExecutor(PROCESSES) as processes:
        for one in track(processes.map(attack, range(count), chunksize=5), "tables", total=count):
            all_of_them.update(one)
    told = ", ".join(f"{all_of_them[name]} {what}" for name, what in WORDS.items())
    print(f"{count} tables in {time.monotonic() - started:.0f} s: {told}")  # noqa: T201
    return 1 if all_of_them["broken"] or not all_of_them["extra"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
