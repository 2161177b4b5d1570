"""Clocks of a case: how many of each kind began, were met and were missed. Pure."""

from datetime import datetime
from typing import Any

from services.reporting.cases.part import EMPTY, Change, Part, one_more
from shared.events import routing
from shared.vocabulary import ClockKind


def clock(state: str) -> Change:
    """Counts the clocks of a kind that reached `state`."""
    return lambda part, event: counted(part, event.data.clock, state)


def clock_started(part: Part, event: routing.ClockStarted) -> Part:
    """A clock that is told of by itself. Routing once did so for an offer's answer too, which has counted with the offer."""
    asked = part.get("agencies", EMPTY).get(event.data.agency, EMPTY)
    if event.data.clock is ClockKind.answer and asked.get("answer_by") == as_kept(event.data.due):
        return part
    return counted(part, event.data.clock, "started")


def with_clocks(change: Change) -> Change:
    """The same change, and the clocks that begin with it."""

    def changed(part: Part, event: Any) -> Part:
        part = change(part, event)
        for begun in event.data.clocks:
            part = counted(part, begun.clock, "started")
        return part

    return changed


def counted(part: Part, kind: ClockKind, state: str) -> Part:
    """One more clock of the kind in the state."""
    clocks = part.get("clocks", EMPTY)
    return {**part, "clocks": {**clocks, kind.value: one_more(clocks.get(kind.value, EMPTY), state)}}


def as_kept(at: datetime) -> datetime:
    """To the millisecond, as MongoDB keeps it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
