"""What a measure is: words, and functions that say in which of its rows a case counts or which times it adds. Pure.

Percentiles are by nearest rank: the smallest value that at least so many percent of all values do not exceed. So a median or
a 90th percentile is always a time that really occurred, also where there are few.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from shared.events.envelope import Event
from shared.vocabulary import TraffickingType, Urgency

Case = Mapping[str, Any]
Row = tuple[str, ...]
Dated = tuple[Row, datetime]
Targets = Mapping[str, Mapping[str, timedelta]]
TYPES: Final = tuple(member.value for member in TraffickingType)
UNTOLD: Final = "not_routed"
URGENCIES: Final = (*(member.value for member in Urgency), UNTOLD)
MS: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure in words: `numerator` is what is counted or timed, `denominator` what it is a part of."""

    name: str
    title: str
    definition: str
    numerator: str
    denominator: str = "referrals received in the period"
    unit: str = "referrals"
    sources: tuple[type[Event], ...]
    by: tuple[str, ...] = ()
    caveat: str = ""

    def describe(self) -> dict[str, Any]:
        """The declaration as data."""
        words = {key: getattr(self, key) for key in ("name", "title", "definition", "numerator", "denominator", "unit")}
        events = [source.model_fields["type"].default for source in self.sources]
        counted_by = ["receipt", "event"] if self.has_dates else ["receipt"]
        return words | {"by": list(self.by), "source_events": events, "caveat": self.caveat, "counted_by": counted_by}

    @property
    def has_dates(self) -> bool:
        """Whether it can also be counted by the day on which things happened."""
        return False


@dataclass(frozen=True, kw_only=True)
class Count(Measure):
    """Counts rows; every row shows sex, labor, both and unsure side by side.

    `dated` names the rows that a case belongs to with the moment of each, where that is known; `rows` those without, where
    there are more, or where a row repeated is to count again. `listed` rows are shown even where nothing is in them; any
    other is shown once something is. `whole`: every referral is in exactly one row, so that the rows add up to `received`.
    """

    rows: Callable[[Case], Iterable[Row]] | None = None
    dated: Callable[[Case], Iterable[Dated]] | None = None
    listed: tuple[Row, ...] = ()
    whole: bool = False

    @property
    def has_dates(self) -> bool:
        """See Measure."""
        return self.dated is not None

    def rows_of(self, case: Case) -> Iterable[Row]:
        """The rows that a case counts in, whenever that was."""
        if self.rows is not None:
            return self.rows(case)
        return {row for row, _ in self.dated(case)} if self.dated else ()


@dataclass(frozen=True, slots=True)
class Span:
    """A time that took `ms` milliseconds, or that has begun and not ended (None). Its urgency says which target holds."""

    row: Row
    urgency: str
    ms: int | None


@dataclass(frozen=True, kw_only=True)
class Timing(Measure):
    """Times: how many, median, 90th percentile, and the share within the target set for the urgency of each."""

    unit: Literal["seconds", "milliseconds"] = "seconds"
    denominator: str = "times that ended and whose urgency has a target"
    by: tuple[str, ...] = ("urgency",)
    listed: tuple[Row, ...] = tuple((term,) for term in Urgency.terms())
    spans: Callable[[Case], Iterable[Span]]
