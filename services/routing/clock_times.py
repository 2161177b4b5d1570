"""How long each clock runs: config/clocks.yaml, in durations that people write, such as `15 min`."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from shared.vocabulary import ClockKind, Urgency

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_URGENCIES = tuple(Urgency.terms())


def duration(written: Any) -> timedelta:
    """`15 min` as a timedelta. ValueError says how to write one."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *(s|min|h|d)", written) if isinstance(written, str) else None
    if found is None or float(found[1]) == 0:
        raise ValueError("write a number and s, min, h or d, for example: 15 min")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


def _each_urgency(written: Any) -> dict[str, timedelta]:
    given = written if isinstance(written, dict) else dict.fromkeys(_URGENCIES, written)
    if set(given) != set(_URGENCIES):
        raise ValueError(f"write one duration, or one for each of: {', '.join(_URGENCIES)}")
    return {urgency: duration(value) for urgency, value in given.items()}


_DURATION = {"type": "string", "pattern": r"^\d+(\.\d+)? *(s|min|h|d)$", "examples": ["15 min"]}
ByUrgency = Annotated[
    dict[Urgency, timedelta],
    BeforeValidator(_each_urgency),
    WithJsonSchema(
        {
            "anyOf": [
                _DURATION,
                {
                    "type": "object",
                    "properties": dict.fromkeys(_URGENCIES, _DURATION),
                    "required": list(_URGENCIES),
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class WrittenClocks(BaseModel):
    """The whole file: one line a clock, how often a missed one is told again, when agencies are reminded, when answers wait."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: ByUrgency
    unassigned: ByUrgency
    advocate_contact: ByUrgency
    dcf_oral_report: ByUrgency
    dcf_written_report: ByUrgency
    dcf_begins: ByUrgency
    repeat: ByUrgency
    remind_before: ByUrgency
    answer_waits_for_opening: tuple[Literal[Urgency.high, Urgency.routine], ...] = ()


class ClockTimes:
    """Durations by clock and urgency, each multiplied by `scale`."""

    def __init__(self, written: WrittenClocks, scale: float = 1.0) -> None:
        self._of: Mapping[ClockKind, Mapping[Urgency, timedelta]] = {
            ClockKind(kind): {u: d * scale for u, d in getattr(written, kind).items()} for kind in ClockKind.terms()
        }
        self.waiting = frozenset(written.answer_waits_for_opening)
        """The urgencies at which an agency's time to answer begins when it opens. Never the critical ones."""
        self._remind_before = {urgency: length * scale for urgency, length in written.remind_before.items()}
        self._repeat = {urgency: length * scale for urgency, length in written.repeat.items()}

    def of(self, kind: ClockKind, urgency: Urgency) -> timedelta:
        """How long the clock runs."""
        return self._of[kind][urgency]

    def remind_before(self, urgency: Urgency) -> timedelta:
        """How long before an answer is due the agency is reminded."""
        return self._remind_before[urgency]

    def repeat(self, urgency: Urgency) -> timedelta:
        """How long until a missed clock is told again."""
        return self._repeat[urgency]
