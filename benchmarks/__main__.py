"""`python -m benchmarks [name ...] [--quick]`: measures, prints a table, writes a JSON file under LOCAL_DIR/bench."""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from benchmarks import report
from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.machine import load, machine
from deploy.embedded.settings import from_environment
from shared.memory import collect_garbage_rarely, hold_little
from shared.observability import configure_logging

NAMES = (
    "broker_path",
    "closed_bus",
    "neighbours",
    "routing_stage",
    "rules",
    "clocks",
    "queues",
    "figures",
    "latency",
    "telling",
    "notices",
    "storms",
    "intake_rate",
    "form",
    "duplicates",
    "imports",
    "attachments",
    "memory",
    "start_up",
)
LONG = ("memory_long", "figures_100k", "figures_1m")
"""Only where they are named."""
app = App(name="python -m benchmarks", help=__doc__)
console = Console()
Names = Annotated[
    str, Parameter(help=f"which measurements: {', '.join(NAMES)}, all of these by default; {', '.join(LONG)} takes long")
]
Quick = Annotated[bool, Parameter(help="a few seconds each, to see that the benchmarks work; the figures say nothing")]
Prepare = Annotated[bool, Parameter(help="only fill the topics of figures, figures_100k or figures_1m, and keep them")]
Keep = Annotated[bool, Parameter(help="keep the data of these, too, for another run on them")]
Referrals = Annotated[int | None, Parameter(help="how many are stored or sent, for queues and memory_long")]


@app.default
def main(*names: Names, quick: Quick = False, referrals: Referrals = None, prepare: Prepare = False, keep: Keep = False) -> int:
    """Measure. Exit status 2 for an unknown name; a missed goal is shown, and is no error: machines differ."""
    if unknown := sorted(set(names) - {*NAMES, *LONG}):
        console.print(f"No measurement is called {', '.join(unknown)}. There are: {', '.join((*NAMES, *LONG))}.")
        return 2
    configure_logging("benchmarks", "1", "error")
    hold_little()
    collect_garbage_rarely()  # as the services do; for all contenders alike
    settings = from_environment(os.environ)
    folder = settings.local / "bench"
    begun, about = time.monotonic(), machine()
    results: dict[str, list[Figure]] = {}
    runs: dict[str, dict[str, object]] = {}

    for name in names or NAMES:

        def say(text: str, name: str = name) -> None:
            console.print(f"{time.monotonic() - begun:7.1f}s {name}: {text}", highlight=False)

        before, start = load(), time.monotonic()
        bench = Bench(folder / "run" / name, settings.cache, quick, say, referrals, prepare, keep)
        results[name] = list(import_module(f"benchmarks.{name}").measure(bench))
        runs[name] = {"seconds": round(time.monotonic() - start, 1), "load_before": before, "load_after": load()}
    console.print(report.table(results))
    about |= {"quick": quick, "referrals": referrals}
    console.print(f"Load now {load()}. Written to {report.write(folder, about, runs, results)}.")
    return 0


if __name__ == "__main__":
    sys.exit(app())
