"""Writes the data of events. The kinds that every referral has are written as text: a third of the time of their models.

All that goes into the text is closed (ids, terms, times), so that nothing has to be escaped.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from shared.events.routing import ClockData, OfferedData, RoutedData
from shared.vocabulary import AssignmentRole, Urgency


def _words(words: Iterable[str]) -> str:
    return "[" + ",".join([f'"{word}"' for word in words]) + "]"


@lru_cache(1000)
def moment(at: datetime) -> str:
    """A time in UTC as pydantic writes it. The same times come again in a batch: they are remembered."""
    return at.isoformat().replace("+00:00", "Z")


class Pen:
    """For the events of one decision, in which the same facts go to several agencies."""

    def __init__(self) -> None:
        self._facts: dict[int, str] = {}

    def data(self, data: BaseModel) -> str:
        """The data as JSON, what is absent left out."""
        if type(data) is OfferedData:
            return self._offered(data)
        if type(data) is ClockData:
            return _clock(data)
        if type(data) is RoutedData:
            return _routed(data)
        return _json(data)

    def _offered(self, data: OfferedData) -> str:
        facts = self._facts.get(id(data.facts)) or self._facts.setdefault(id(data.facts), _json(data.facts))
        return f'{_asked(data.agency, data.role, data.urgency, data.reasons, data.answer_by)}"facts":{facts}}}'


def _clock(data: ClockData) -> str:
    agency = f'"agency":"{data.agency}",' if data.agency else ""
    return f'{{"clock":"{data.clock}",{agency}"due":"{moment(data.due)}"}}'


def _routed(data: RoutedData) -> str:
    clocks = ",".join([_clock(clock) for clock in data.clocks])
    return (
        f'{{"urgency":"{data.urgency}","reasons":{_words(data.reasons)},'
        f'"rules_version":"{data.rules_version}","clocks":[{clocks}]}}'
    )


def _json(data: BaseModel) -> str:
    text: Any = data.__pydantic_serializer__.to_json(data, exclude_none=True)
    return str(text, "utf-8")


@lru_cache(1000)
def _asked(agency: str, role: AssignmentRole, urgency: Urgency, reasons: tuple[str, ...], answer_by: datetime) -> str:
    return (
        f'{{"agency":"{agency}","role":"{role}","urgency":"{urgency}",'
        f'"reasons":{_words(reasons)},"answer_by":"{moment(answer_by)}",'
    )
