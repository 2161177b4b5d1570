"""The rows of every measure, as they are shown: from sums to figures. Pure."""

from collections.abc import Container, Mapping
from datetime import timedelta
from typing import Any, Final

from services.reporting.figures.measure import MS, TYPES, Count, Measure, Row, Targets, Timing
from services.reporting.index.lengths import Lengths
from services.reporting.index.sums import Basis, Sums, Urgent
from services.reporting.measures import BY_NAME, MEASURES

Target = Mapping[str, timedelta]
Figures = dict[str, list[dict[str, Any]]]
ALL: Final = "all"


def tables(sums: Sums, basis: Basis, targets: Targets, measures: Container[str] = BY_NAME) -> Figures:
    """Those of the measures that can be counted so: listed rows first, in the order of the vocabulary, then others by name."""
    counted_by_event = basis is Basis.event
    shown = [one for one in MEASURES if one.name in measures and (one.has_dates or not counted_by_event)]
    return {measure.name: _rows(measure, sums, targets, counted_by_event) for measure in shown}


def _rows(measure: Measure, sums: Sums, targets: Targets, split: bool) -> list[dict[str, Any]]:
    if isinstance(measure, Timing):
        return _times(measure, sums.times.get(measure.name, {}), targets.get(measure.name, {}))
    assert isinstance(measure, Count)
    return _counts(measure, sums.counts.get(measure.name, {}), sums.new.get(measure.name, {}), split)


def _counts(measure: Count, counts: Mapping[Row, list[int]], new: Mapping[Row, int], split: bool) -> list[dict[str, Any]]:
    """`split`: show those received in the period (`new`) and before (`continuing`) beside each other."""
    rows = []
    for row in [*measure.listed, *sorted(counts.keys() - set(measure.listed))]:
        by_type, received = counts.get(row, [0] * len(TYPES)), new.get(row, 0)
        total = sum(by_type)
        shown = dict(zip(measure.by, row, strict=True)) | dict(zip(TYPES, by_type, strict=True)) | {"total": total}
        if split:
            shown |= {"new": received, "continuing": total - received}
        rows.append(shown)
    return rows


def _times(measure: Timing, times: Mapping[Urgent, Lengths], target: Target) -> list[dict[str, Any]]:
    """A row for every listed one, others that occurred, and all together."""
    known = sorted({row for row, _ in times})
    order = [*measure.listed, *(row for row in known if row not in measure.listed)]
    by_row = {row: {urgency: one for (name, urgency), one in times.items() if name == row} for row in order}
    rows = [_time(measure, row, by_urgency, target) for row, by_urgency in by_row.items()]
    levels = {urgency: _together([one for (_, level), one in times.items() if level == urgency]) for _, urgency in times}
    return [*rows, _time(measure, (ALL,), levels, target)]


def _together(several: list[Lengths]) -> Lengths:
    return Lengths.together(several[0].bits if several else {}, several)


def _time(measure: Timing, row: Row, by_urgency: Mapping[str, Lengths], targets: Target) -> dict[str, Any]:
    held = {urgency: targets[urgency] // MS for urgency in by_urgency if urgency in targets}
    judged = sum(len(by_urgency[urgency]) for urgency in held)
    within = sum(by_urgency[urgency].at_most(ms) for urgency, ms in held.items())
    together = _together([*by_urgency.values()])
    shared = targets.get(row[0]) if measure.by == ("urgency",) else None
    return {
        measure.by[0]: row[0],
        "count": len(together),
        "not_ended": together.waiting,
        "median": _shown(measure, together.percentile(50)),
        "p90": _shown(measure, together.percentile(90)),
        "target": _shown(measure, shared // MS if shared else None),
        "judged": judged,
        "within_target": within,
        "share_within_target": round(within / judged, 4) if judged else None,
    }


def _shown(measure: Timing, ms: int | None) -> float | int | None:
    return ms / 1000 if ms is not None and measure.unit == "seconds" else ms
