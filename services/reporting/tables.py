"""The rows of every measure, as they are shown: from sums to figures. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

import numpy as np

from services.reporting.columns import Cell, Column
from services.reporting.figures import MS, TYPES, URGENCIES, Count, Measure, Row, Targets, Timing
from services.reporting.measures import MEASURES
from services.reporting.sums import Basis, Sums

Target = Mapping[str, timedelta]
Figures = dict[str, list[dict[str, Any]]]
ALL: Final = "all"
_NONE: Final = np.array([], "i8")


def tables(sums: Sums, cells: list[Cell], basis: Basis, targets: Targets) -> Figures:
    """Every measure that can be counted so: listed rows first, in the order of the vocabulary, then others by name."""
    numbers: dict[str, dict[Row, int]] = defaultdict(dict)
    for number, (measure, row) in enumerate(cells):
        numbers[measure][row] = number
    counted_by_event = basis is Basis.event
    shown = [measure for measure in MEASURES if measure.has_dates or not counted_by_event]
    return {measure.name: _rows(measure, numbers[measure.name], sums, targets, counted_by_event) for measure in shown}


def _rows(measure: Measure, numbers: dict[Row, int], sums: Sums, targets: Targets, split: bool) -> list[dict[str, Any]]:
    if isinstance(measure, Timing):
        return _times(measure, numbers, sums, targets.get(measure.name, {}))
    assert isinstance(measure, Count)
    return _counts(measure, numbers, sums, split)


def _counts(measure: Count, numbers: dict[Row, int], sums: Sums, split: bool) -> list[dict[str, Any]]:
    """`split`: show those received in the period (`new`) and before (`continuing`) beside each other."""
    there = {row for row, number in numbers.items() if sums.counts[number].any()}
    rows = []
    for row in [*measure.listed, *sorted(there - set(measure.listed))]:
        by_type = sums.counts[numbers[row]].tolist() if row in there else [0] * len(TYPES)
        shown = dict(zip(measure.by, row, strict=True)) | dict(zip(TYPES, by_type, strict=True)) | {"total": sum(by_type)}
        if split:
            new = int(sums.new[numbers[row]]) if row in there else 0
            shown |= {"new": new, "continuing": shown["total"] - new}
        rows.append(shown)
    return rows


def _times(measure: Timing, numbers: dict[Row, int], sums: Sums, targets: Target) -> list[dict[str, Any]]:
    """A row for every listed one, others that occurred, and all together."""
    known = {row: [(n, u) for u in range(len(URGENCIES)) if (n, u) in sums.times] for row, n in numbers.items()}
    there = {row for row, keys in known.items() if keys}
    order = [*measure.listed, *sorted(there - set(measure.listed))]
    rows = [_time(measure, row, known.get(row, []), sums, targets) for row in order]
    together = [key for keys in known.values() for key in keys]
    return [*rows, _time(measure, (ALL,), together, sums, targets)]


def _time(measure: Timing, row: Row, keys: Iterable[tuple[int, int]], sums: Sums, targets: Target) -> dict[str, Any]:
    mine = {key: sums.times[key] for key in keys}
    held = {key: targets[URGENCIES[key[1]]] // MS for key in mine if URGENCIES[key[1]] in targets}
    judged = sum(len(mine[key]) for key in held)
    within = sum(int(np.searchsorted(mine[key], target, "right")) for key, target in held.items())
    times = np.sort(np.concatenate([_NONE, *mine.values()]))
    target = targets.get(row[0]) if measure.by == ("urgency",) else None
    return {
        measure.by[0]: row[0],
        "count": len(times),
        "not_ended": sum(sums.not_ended[key] for key in mine),
        "median": _shown(measure, percentile(times, 50)),
        "p90": _shown(measure, percentile(times, 90)),
        "target": _shown(measure, target // MS if target else None),
        "judged": judged,
        "within_target": within,
        "share_within_target": round(within / judged, 4) if judged else None,
    }


def _shown(measure: Timing, ms: int | None) -> float | int | None:
    return ms / 1000 if ms is not None and measure.unit == "seconds" else ms


def percentile(ordered: Column, percent: int) -> int | None:
    """The nearest-rank percentile of values in ascending order; None of no values."""
    return int(ordered[(len(ordered) * percent + 99) // 100 - 1]) if len(ordered) else None
