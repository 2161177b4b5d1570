"""How long each clock runs: config/clocks.yaml, in durations that people write, such as `15 min`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from shared.durations import DURATION_SCHEMA, Duration, duration
from shared.vocabulary import ClockKind, EscalationLevel, Urgency

_URGENCIES = tuple(Urgency.terms())


def _each_urgency(written: Any) -> dict[str, timedelta]:
    given = written if isinstance(written, dict) else dict.fromkeys(_URGENCIES, written)
    if set(given) != set(_URGENCIES):
        raise ValueError(f"write one duration, or one for each of: {', '.join(_URGENCIES)}")
    return {urgency: duration(value) for urgency, value in given.items()}


ByUrgency = Annotated[
    dict[Urgency, timedelta],
    BeforeValidator(_each_urgency),
    WithJsonSchema(
        {
            "anyOf": [
                DURATION_SCHEMA,
                {
                    "type": "object",
                    "properties": dict.fromkeys(_URGENCIES, DURATION_SCHEMA),
                    "required": list(_URGENCIES),
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


def _ends_with_the_coordinator(levels: tuple[EscalationLevel, ...]) -> tuple[EscalationLevel, ...]:
    if levels[-1] is not EscalationLevel.coordinator:
        raise ValueError("the last one told has to be the coordinator")
    return levels


Level = Literal[EscalationLevel.supervisor, EscalationLevel.coordinator]
Levels = Annotated[tuple[Level, ...], Field(min_length=1, max_length=5), AfterValidator(_ends_with_the_coordinator)]

Patient = Literal[ClockKind.advocate_contact, ClockKind.dcf_begins, ClockKind.begin_work, ClockKind.report_work]


class Escalation(BaseModel):
    """Who is told first, next and last that a clock was missed. The last one is told again and again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unassigned: Levels
    advocate_contact: Levels
    dcf_oral_report: Levels
    dcf_written_report: Levels
    dcf_begins: Levels
    begin_work: Levels
    report_work: Levels


class WrittenClocks(BaseModel):
    """The whole file: each clock, who is told of a missed one and how often, when agencies are reminded, when answers wait."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: ByUrgency
    unassigned: ByUrgency
    advocate_contact: ByUrgency
    dcf_oral_report: ByUrgency
    dcf_written_report: ByUrgency
    dcf_begins: ByUrgency
    begin_work: ByUrgency
    report_work: ByUrgency
    escalation: Escalation
    repeat: ByUrgency
    repeats: Annotated[int, Field(ge=1)]
    repeat_later: Duration
    unhurried: tuple[Patient, ...] = ()
    remind_before: ByUrgency
    answer_waits_for_opening: tuple[Literal[Urgency.high, Urgency.routine], ...] = ()


class ClockTimes:
    """Durations by clock and urgency, each multiplied by `scale`; who is told of a missed one."""

    def __init__(self, written: WrittenClocks, scale: float = 1.0) -> None:
        self._of: Mapping[ClockKind, Mapping[Urgency, timedelta]] = {
            ClockKind(kind): {u: d * scale for u, d in getattr(written, kind).items()} for kind in ClockKind.terms()
        }
        self.waiting = frozenset(written.answer_waits_for_opening)
        """The urgencies at which an agency's time to answer begins when it opens. Never the critical ones."""
        self._remind_before = {urgency: length * scale for urgency, length in written.remind_before.items()}
        self._repeat = {urgency: length * scale for urgency, length in written.repeat.items()}
        self._repeats = dict.fromkeys(self._of, written.repeats) | dict.fromkeys(written.unhurried, 0)
        self._repeat_later = written.repeat_later * scale
        self._levels: Mapping[ClockKind, tuple[EscalationLevel, ...]] = {ClockKind(k): to for k, to in written.escalation}

    def of(self, kind: ClockKind, urgency: Urgency) -> timedelta:
        """How long the clock runs."""
        return self._of[kind][urgency]

    def remind_before(self, urgency: Urgency) -> timedelta:
        """How long before an answer is due the agency is reminded."""
        return self._remind_before[urgency]

    def repeat(self, kind: ClockKind, urgency: Urgency, missed: int = 0) -> timedelta:
        """How long until a clock that was missed and told `missed` times before is told again: never for good."""
        length = self._repeat[urgency]
        return length if missed < self._repeats[kind] else max(length, self._repeat_later)

    def level(self, kind: ClockKind, missed: int) -> EscalationLevel:
        """Who is told of a clock that was missed `missed` times before. The coordinator's own answers are the coordinator's."""
        levels = self._levels.get(kind, (EscalationLevel.coordinator,))
        return levels[min(missed, len(levels) - 1)]
