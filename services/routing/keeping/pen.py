"""Writes the data of events. The kinds that every referral has are written as text: a third of the time of their models.

All that goes into the text is closed (ids, terms, times), so that nothing has to be escaped.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from shared.events.routing import ClockData, OfferedData, RoutedData


def _words(words: Iterable[str]) -> str:
    return "[" + ",".join([f'"{word}"' for word in words]) + "]"


@lru_cache(1000)
def moment(at: datetime) -> str:
    """A time in UTC as pydantic writes it. The same times come again in a batch: they are remembered."""
    return at.isoformat().replace("+00:00", "Z")


def begin(data: BaseModel) -> str:
    """The data as JSON, what is absent left out; an offer's only as far as its facts."""
    if type(data) is OfferedData:
        return _offered(data)
    if type(data) is ClockData:
        return _clock(data)
    if type(data) is RoutedData:
        return _routed(data)
    return _json(data)


class FactsTexts:
    """For the events of one decision, in which the same facts go to several agencies."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def end_of(self, data: BaseModel) -> str:
        """What `begin` has left out."""
        if type(data) is not OfferedData:
            return ""
        facts = data.facts
        return self._known.get(id(facts)) or self._known.setdefault(id(facts), f"{_json(facts)}}}")


def _offered(data: OfferedData) -> str:
    return (
        f'{{"agency":"{data.agency}","role":"{data.role}","urgency":"{data.urgency}",'
        f'"reasons":{_words(data.reasons)},"answer_by":"{moment(data.answer_by)}","facts":'
    )


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
