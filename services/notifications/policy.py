"""Who is told of what, as config/notices.yaml says it."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, get_args

import yaml
from pydantic import Field, ValidationError, model_validator

from services.notifications.complaint import complaint
from services.notifications.contacts import Role
from services.notifications.notice import NoticeKind
from shared.durations import Duration
from shared.events.facts import Frozen
from shared.vocabulary import ClockKind, EscalationLevel, Urgency

FILE = "notices.yaml"
When = Literal[
    "assignment.offered",
    "assignment.reminded",
    "assignment.expired",
    "assignment.declined",
    "assignment.revoked",
    "referral.escalated",
    "clock.missed",
    "reporter.added",
]

AWAITS_AN_ANSWER = frozenset[When]({"assignment.offered", "assignment.reminded", "referral.escalated"})
"""What is over once the agency has answered."""


class Tell(Frozen):
    """A role that is told; each condition that is given has to hold."""

    role: Role
    urgency: tuple[Urgency, ...] | None = None
    level: tuple[EscalationLevel, ...] | None = None
    clock: tuple[ClockKind, ...] | None = None


class Step(Frozen):
    """Who is told next where nobody has answered `after` the step before. `every`: and again and again, see `wait`."""

    after: Duration
    tell: tuple[Role, ...] = Field(min_length=1)
    kind: Literal[NoticeKind.reminded, NoticeKind.escalated] = NoticeKind.escalated
    every: Duration | None = None


class Line(Frozen):
    """What one type of event leads to, at once and while nobody answers it."""

    when: When
    kind: NoticeKind
    tell: tuple[Tell, ...] = Field(min_length=1)
    unanswered: dict[Urgency, tuple[Step, ...]] = {}

    @model_validator(mode="after")
    def _only_what_an_agency_answers(self) -> Self:
        if self.unanswered and self.when not in AWAITS_AN_ANSWER:
            raise ValueError(f"unanswered: {self.when} is not answered by anyone; {sorted(AWAITS_AN_ANSWER)} are")
        if any(step.every for steps in self.unanswered.values() for step in steps[:-1]):
            raise ValueError("unanswered: `every` is for the last step")
        return self


class Policy(Frozen):
    """All lines. A type of event without a line tells nobody.

    `fall_over`: how long one channel is tried, by urgency, before the next is: for those who can be reached by several.
    """

    notices: tuple[Line, ...]
    fall_over: dict[Urgency, Duration] = {
        Urgency.critical: timedelta(seconds=15),
        Urgency.high: timedelta(minutes=2),
        Urgency.routine: timedelta(minutes=30),
    }

    @cached_property
    def by_event(self) -> dict[str, tuple[Line, ...]]:
        """The lines of each event."""
        return {when: tuple(line for line in self.notices if line.when == when) for when in get_args(When)}

    def steps(self, when: str, urgency: Urgency) -> tuple[Step, ...]:
        """What happens while nobody answers."""
        return next((line.unanswered[urgency] for line in self.by_event.get(when, ()) if urgency in line.unanswered), ())


def load_policy(config_dir: Path) -> Policy:
    """Reads and checks notices.yaml. ValueError says what is wrong in it."""
    try:
        return Policy.model_validate(yaml.safe_load((config_dir / FILE).read_text()))
    except ValidationError as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None
