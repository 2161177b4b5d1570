"""In which sets a case is: what a figure needs to know of it, so that counting is the meeting of sets. Pure.

A set belongs to a kind of set, has a name within it and a member, which is a number:

    facet      (facet,)                       the place of the term in the facet
    received   ("month",) or ("day",)         months since year 0, or the day of the month, of receipt
    counted    (measure, *row)                n, where the case counts in the row more than n times
    that day   (measure, *row)                0, where the row is dated on the day of receipt
    month, day (n, measure, *row)             of the n-th other day on which the row is dated
    ended      (n, measure, urgency, *row)    0, where the case's n-th time of the measure is of this row
    bits       (n, measure)                   the binary places of that time in milliseconds which are 1
    waiting    (n, measure, urgency, *row)    0, where the case's n-th time that has not ended is of this row

`n` counts from 0, each case by itself, so that a set holds each case once and what comes several times lies in several sets.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from services.reporting.figures.facets import FACETS
from services.reporting.figures.measure import Case, Count, Row, Span, Timing
from services.reporting.measures import MEASURES

COUNTS: Final = tuple(measure for measure in MEASURES if isinstance(measure, Count))
TIMES: Final = tuple(measure for measure in MEASURES if isinstance(measure, Timing))
FACET, RECEIVED, COUNTED, THAT_DAY, MONTH, DAY, ENDED, BITS, WAITING = KINDS = (
    "facet", "received", "counted", "that day", "month", "day", "ended", "bits", "waiting",
)  # fmt: skip
Name = tuple[str | int, ...]
Place = tuple[str, Name, int]
"""Kind, name and member of a set."""


def month_of(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def memberships(case: Case, zone: ZoneInfo) -> Iterator[Place]:
    """Every set that a case with a receipt is in; days are those of the zone."""
    received = case["intake"]["received"].astimezone(zone).date()
    yield RECEIVED, ("month",), month_of(received)
    yield RECEIVED, ("day",), received.day
    for facet in FACETS.values():
        yield from ((FACET, (facet.name,), facet.terms.index(term)) for term in set(facet.of(case)))
    yield from _counted(case)
    yield from _dated(case, received, zone)
    yield from _timed(case)


def _counted(case: Case) -> Iterator[Place]:
    often = Counter((measure.name, *row) for measure in COUNTS for row in measure.rows_of(case))
    for cell, times in often.items():
        yield from ((COUNTED, cell, n) for n in range(times))


def _dated(case: Case, received: date, zone: ZoneInfo) -> Iterator[Place]:
    others: Counter[Row] = Counter()
    for cell, day in {entry for measure in COUNTS for entry in _days(measure, case, zone)}:
        if day == received:
            yield THAT_DAY, cell, 0
        else:
            name: Name = (others[cell], *cell)
            yield MONTH, name, month_of(day)
            yield DAY, name, day.day
            others[cell] += 1


def _days(measure: Count, case: Case, zone: ZoneInfo) -> Iterator[tuple[Row, date]]:
    for row, at in measure.dated(case) if measure.dated else ():
        yield (measure.name, *row), at.astimezone(zone).date()


def _timed(case: Case) -> Iterator[Place]:
    for measure in TIMES:
        spans = list(measure.spans(case))
        yield from _waiting(measure, [span for span in spans if span.ms is None])
        for n, span in enumerate(span for span in spans if span.ms is not None):
            yield ENDED, (n, measure.name, span.urgency, *span.row), 0
            yield from ((BITS, (n, measure.name), bit) for bit in _ones(span.ms or 0))


def _waiting(measure: Timing, spans: list[Span]) -> Iterator[Place]:
    return ((WAITING, (n, measure.name, span.urgency, *span.row), 0) for n, span in enumerate(spans))


def _ones(number: int) -> Iterator[int]:
    return (bit for bit in range(number.bit_length()) if number >> bit & 1)
