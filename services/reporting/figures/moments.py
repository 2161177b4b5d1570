"""When what a measure counts happened, and the times between two moments. Pure.

A row is dated by the first event that put the case into it, but for what only the last word decides: the victim status and the
closure are dated by that last word.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from services.reporting.figures.counting import STEPS, Rows, activity, agencies, urgency
from services.reporting.figures.measure import MS, Case, Dated, Span

Dates = Callable[[Case], Iterable[Dated]]
Spans = Callable[[Case], Iterable[Span]]
Moment = Callable[[Case], datetime | None]
FUNNEL: Final = ("received", "routed", "offered", "accepted", "contacted", "served", "closed")


def receipt(case: Case) -> datetime | None:
    """When it was received."""
    at: datetime | None = case["intake"].get("received")
    return at


def first(step: str) -> Moment:
    """When routing's events first told of the step."""
    return lambda case: activity(case).get(step)


def with_receipt(rows: Rows) -> Dates:
    """What was so from the start is dated by the receipt."""
    return lambda case: [(row, case["intake"]["received"]) for row in rows(case)]


def when(rows: Rows, moment: Moment) -> Dates:
    """All rows at one moment, where it has come."""

    def dated(case: Case) -> Iterable[Dated]:
        at = moment(case)
        return [(row, at) for row in rows(case)] if at else []

    return dated


def end_of(field: str) -> Moment:
    """When an end that still stands came, of those that routing tells."""
    return lambda case: (activity(case).get(field) or {}).get("at")


def withdrawal(case: Case) -> datetime | None:
    """When the reporter took it back."""
    at: datetime | None = case["intake"].get("withdrawn", {}).get("at")
    return at


def funnel(case: Case) -> Iterable[Dated]:
    """Every step of the way that it has come, when it first came there."""
    found = {step: activity(case).get(step) for step in FUNNEL} | {"received": receipt(case), "closed": end_of("closed")(case)}
    return [((step,), at) for step, at in found.items() if at]


def steps(case: Case) -> Iterable[Dated]:
    """Every step that any agency's assignment ever took."""
    return [((agency, step), part[step]) for agency, part in agencies(case) for step in STEPS if step in part]


def declines(case: Case) -> Iterable[Dated]:
    """Every agency that declined, with the reason it gave last, when it first declined."""
    return [((a, part["declined_because"]), part["declined"]) for a, part in agencies(case) if "declined" in part]


def entries(part: str, *fields: str, where: Callable[[Any], bool] = lambda _: True, otherwise: str = "") -> Dates:
    """What is noted each time: services, justice steps, reports. One without a field is passed over, or is `otherwise`."""

    def dated(case: Case) -> Iterable[Dated]:
        for entry in activity(case).get(part, []):
            row = tuple(entry[field] or otherwise for field in fields)
            if all(row) and where(entry):
                yield row, entry["at"]

    return dated


def missing_child_investigated(case: Case) -> Iterable[Dated]:
    """An investigation was opened, and a child is missing in it."""
    opened = entries("justice", where=lambda entry: entry["step"] == "investigation_opened")
    return opened(case) if case["intake"]["facts"]["missing_child"] else []


def thriving(case: Case) -> Iterable[Dated]:
    """What was in place at each day, when it was last told."""
    for day, told in activity(case).get("thriving", {}).items():
        yield from (((day, term), told["at"]) for term in ("recorded", *told["indicators"]))


def between(begin: Moment, end: Moment) -> Spans:
    """The time from one moment to another, where it began; 0 where the later step had come first, as nobody waited."""

    def spans(case: Case) -> Iterable[Span]:
        begun, done = begin(case), end(case)
        if begun is None:
            return []
        level = urgency(case)
        return [Span((level,), level, None if done is None else max(0, (done - begun) // MS))]

    return spans


def answers(case: Case) -> Iterable[Span]:
    """How long each agency took to say yes or no; one that lost the offer unanswered is not ended."""
    level = urgency(case)
    for agency, part in agencies(case):
        if "offered" in part:
            said = min((part[step] for step in ("accepted", "declined") if step in part), default=None)
            yield Span((agency,), level, None if said is None else max(0, (said - part["offered"]) // MS))


def notices(case: Case) -> Iterable[Span]:
    """How long every notice that arrived took."""
    told = case.get("delivered", {}).values()
    return [Span((n["urgency"],), n["urgency"], n["after_ms"]) for n in told if "after_ms" in n]
