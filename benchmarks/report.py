"""What came out, for people and for programs."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks.figure import Figure

Results = Mapping[str, Sequence[Figure]]
_STYLES = {"met": "green", "missed": "bold red", "": ""}


def table(results: Results) -> Table:
    """One section a measurement."""
    view = Table("measurement", "figure", "value", "unit", "goal", "", title="Benchmarks")
    view.columns[2].justify = "right"
    for name, figures in results.items():
        view.add_section()
        for place, figure in enumerate(figures):
            view.add_row("" if place else name, *figure.row, style=_STYLES[figure.verdict])
    return view


def markdown(results: Results) -> str:
    """The same table for docs/benchmarks.md."""
    lines = ["| measurement | figure | value | unit | goal | |", "|---|---|---:|---|---|---|"]
    for name, figures in results.items():
        lines += [f"| {' | '.join(['' if place else name, *figure.row])} |" for place, figure in enumerate(figures)]
    return "\n".join(lines)


def write(folder: Path, machine: Mapping[str, Any], runs: Mapping[str, Mapping[str, Any]], results: Results) -> Path:
    """Writes FOLDER/TIME.json: the machine, and each measurement's figures with how long it took under which load."""
    path = folder / f"{time.strftime('%Y%m%dT%H%M%S')}.json"
    content = {
        "machine": dict(machine),
        "measurements": {
            name: {**runs[name], "figures": [figure.as_json() for figure in figures]} for name, figures in results.items()
        },
        "markdown": markdown(results),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path
