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

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from services.reporting.figures.facets import FACETS
from services.reporting.figures.measure import Case, Count, Dated, Row, Span, Timing
from services.reporting.measures import MEASURES

COUNTS: Final = tuple(measure for measure in MEASURES if isinstance(measure, Count))
TIMES: Final = tuple(measure for measure in MEASURES if isinstance(measure, Timing))
FACET, RECEIVED, COUNTED, THAT_DAY, MONTH, DAY, ENDED, BITS, WAITING = KINDS = (
    "facet", "received", "counted", "that day", "month", "day", "ended", "bits", "waiting",
)  # fmt: skip
Name = tuple[str | int, ...]
Place = tuple[str, Name, int]
"""Kind, name and member of a set."""
_TERMS: Final = {
    name: {term: (FACET, (name,), number) for number, term in enumerate(facet.terms)} for name, facet in FACETS.items()
}


def month_of(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def memberships(case: Case, zone: ZoneInfo) -> Iterator[Place]:
    """Every set that a case with a receipt is in; days are those of the zone."""
    received = case["intake"]["received"].astimezone(zone).date()
    yield RECEIVED, ("month",), month_of(received)
    yield RECEIVED, ("day",), received.day
    for name, facet in FACETS.items():
        yield from map(_TERMS[name].__getitem__, set(facet.of(case)))
    for count in COUNTS:
        dated = {*count.dated(case)} if count.dated else set[Dated]()
        rows = {row for row, _ in dated} if count.rows is None else count.rows(case)
        yield from _counted(count, rows)
        yield from _dated(count, {(row, at.astimezone(zone).date()) for row, at in dated}, received)
    for timing in TIMES:
        yield from _timed(timing, timing.spans(case))


def _counted(measure: Count, rows: Iterable[Row]) -> Iterator[Place]:
    often: dict[Row, int] = {}
    for row in rows:
        n = often.get(row, 0)
        yield COUNTED, (measure.name, *row), n
        often[row] = n + 1


def _dated(measure: Count, days: Iterable[tuple[Row, date]], received: date) -> Iterator[Place]:
    others: dict[Row, int] = {}
    for row, day in days:
        if day == received:
            yield THAT_DAY, (measure.name, *row), 0
        else:
            n = others.get(row, 0)
            name: Name = (n, measure.name, *row)
            yield MONTH, name, month_of(day)
            yield DAY, name, day.day
            others[row] = n + 1


def _timed(measure: Timing, spans: Iterable[Span]) -> Iterator[Place]:
    ended = waiting = 0
    for span in spans:
        if span.ms is None:
            yield WAITING, (waiting, measure.name, span.urgency, *span.row), 0
            waiting += 1
        else:
            yield ENDED, (ended, measure.name, span.urgency, *span.row), 0
            name: Name = (ended, measure.name)
            yield from ((BITS, name, bit) for bit in _ones(span.ms))
            ended += 1


def _ones(number: int) -> Iterator[int]:
    return (bit for bit in range(number.bit_length()) if number >> bit & 1)
