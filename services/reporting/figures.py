"""How figures are worked out of cases: counting, and times between two moments. Pure. What is measured is in `measures`.

Percentiles are by nearest rank: the smallest value that at least so many percent of all values do not exceed. So a median or
a 90th percentile is always a time that really occurred, also where there are few.
"""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

from shared.events.envelope import Event
from shared.vocabulary import TraffickingType, Urgency

Case = Mapping[str, Any]
Row = tuple[str, ...]
Targets = Mapping[str, Mapping[str, timedelta]]
TYPES: Final = tuple(member.value for member in TraffickingType)
UNTOLD: Final = "not_routed"
MS: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Measure(ABC):
    """One measure in words: `numerator` is what is counted or timed, `denominator` what it is a part of."""

    name: str
    title: str
    definition: str
    numerator: str
    denominator: str = "referrals received in the period"
    unit: str = "referrals"
    sources: tuple[type[Event], ...]
    by: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """The declaration as data."""
        words = {key: getattr(self, key) for key in ("name", "title", "definition", "numerator", "denominator", "unit")}
        events = [source.model_fields["type"].default for source in self.sources]
        return words | {"by": list(self.by), "source_events": events}

    @abstractmethod
    def tally(self) -> "Tally":
        """Something to add cases to, empty."""


class Tally(ABC):
    """Cases come in one at a time; rows go out at the end."""

    @abstractmethod
    def add(self, case: Case) -> None:
        """Takes one case into account."""

    @abstractmethod
    def rows(self, targets: Targets) -> list[dict[str, Any]]:
        """The figures so far."""


@dataclass(frozen=True, kw_only=True)
class Count(Measure):
    """Counts rows; every row shows sex, labor, both and unsure side by side.

    `rows` names the rows that a case belongs to, a row repeated counts again. `listed` rows are shown even where nothing
    is in them; any other is shown once something is.
    """

    rows: Callable[[Case], Iterable[Row]]
    listed: tuple[Row, ...] = ()

    def tally(self) -> "CountTally":
        """See Measure."""
        return CountTally(self)


@dataclass
class CountTally(Tally):
    """Counts by row and trafficking type."""

    measure: Count
    counts: Counter[tuple[Row, str]] = field(default_factory=Counter)

    def add(self, case: Case) -> None:
        """See Tally."""
        kind = case["intake"]["facts"]["trafficking_type"]
        for row in self.measure.rows(case):
            self.counts[row, kind] += 1

    def rows(self, targets: Targets) -> list[dict[str, Any]]:
        """Listed rows first, in the order of the vocabulary, then others by name."""
        seen = {row for row, _ in self.counts}
        order = [*self.measure.listed, *sorted(seen - set(self.measure.listed))]
        return [self._row(row) for row in order]

    def _row(self, row: Row) -> dict[str, Any]:
        by_type = {kind: self.counts[row, kind] for kind in TYPES}
        return dict(zip(self.measure.by, row, strict=True)) | by_type | {"total": sum(by_type.values())}


@dataclass(frozen=True, slots=True)
class Span:
    """A time that took `ms` milliseconds, or that has begun and not ended (None)."""

    urgency: str
    ms: int | None


@dataclass(frozen=True, kw_only=True)
class Timing(Measure):
    """Times by urgency: how many, median, 90th percentile, and the share within the target set for that urgency."""

    unit: Literal["seconds", "milliseconds"] = "seconds"
    denominator: str = "times that ended and whose urgency has a target"
    by: tuple[str, ...] = ("urgency",)
    spans: Callable[[Case], Iterable[Span]]

    def tally(self) -> "TimingTally":
        """See Measure."""
        return TimingTally(self)


@dataclass
class TimingTally(Tally):
    """Keeps every time, by urgency."""

    measure: Timing
    times: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    open: Counter[str] = field(default_factory=Counter)

    def add(self, case: Case) -> None:
        """See Tally."""
        for span in self.measure.spans(case):
            if span.ms is None:
                self.open[span.urgency] += 1
            else:
                self.times[span.urgency].append(span.ms)

    def rows(self, targets: Targets) -> list[dict[str, Any]]:
        """A row for every urgency, others that occurred, and all together."""
        mine = {urgency: target // MS for urgency, target in targets.get(self.measure.name, {}).items()}
        seen = {*self.times, *self.open} - set(Urgency.terms())
        order = [*Urgency.terms(), *sorted(seen)]
        within = {u: sum(ms <= mine[u] for ms in self.times[u]) for u in order if u in mine}
        judged = {u: len(self.times[u]) for u in within}
        rows = [self._row(u, [u], judged.get(u, 0), within.get(u, 0), mine.get(u)) for u in order]
        return [*rows, self._row("all", order, sum(judged.values()), sum(within.values()), None)]

    def _row(self, name: str, urgencies: list[str], judged: int, within: int, target: int | None) -> dict[str, Any]:
        times = sorted(ms for urgency in urgencies for ms in self.times[urgency])
        return {
            "urgency": name,
            "count": len(times),
            "not_ended": sum(self.open[urgency] for urgency in urgencies),
            "median": self._shown(percentile(times, 50)),
            "p90": self._shown(percentile(times, 90)),
            "target": self._shown(target),
            "judged": judged,
            "within_target": within,
            "share_within_target": round(within / judged, 4) if judged else None,
        }

    def _shown(self, ms: int | None) -> float | int | None:
        return ms / 1000 if ms is not None and self.measure.unit == "seconds" else ms


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile of values in ascending order; None of no values."""
    return ordered[(len(ordered) * percent + 99) // 100 - 1] if ordered else None
