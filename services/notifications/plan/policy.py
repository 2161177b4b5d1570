"""Who is told of what, as config/notices.yaml says it."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import yaml
from pydantic import Field, ValidationError, model_validator

from services.notifications.directory.complaint import complaint
from services.notifications.directory.contacts import Role
from services.notifications.notices.notice import NoticeKind
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
    """What one type of event leads to, at once and while nobody answers it.

    `digest`: of a routine referral it can wait for the digest of whoever wants one.
    """

    when: When
    kind: NoticeKind
    tell: tuple[Tell, ...] = Field(min_length=1)
    digest: bool = False
    unanswered: dict[Urgency, tuple[Step, ...]] = {}

    @model_validator(mode="after")
    def _only_what_an_agency_answers(self) -> Self:
        if self.unanswered and self.when not in AWAITS_AN_ANSWER:
            raise ValueError(f"unanswered: {self.when} is not answered by anyone; {sorted(AWAITS_AN_ANSWER)} are")
        if any(step.every for steps in self.unanswered.values() for step in steps[:-1]):
            raise ValueError("unanswered: `every` is for the last step")
        return self

    @model_validator(mode="after")
    def _no_answer_waits_for_a_digest(self) -> Self:
        if self.digest and self.when in AWAITS_AN_ANSWER:
            raise ValueError(f"digest: {self.when} has to be answered, and its time would run out before it is read")
        return self


class Storms(Frozen):
    """When messages to one desk become one message.

    `alone` of one urgency go by themselves within `window`. Each that comes on top waits for others at most as long as `wait`
    says for its urgency, and all that have come by then are told in one. Less wait than the auditor has patience.
    """

    window: Duration = timedelta(minutes=1)
    alone: int = Field(3, ge=1)
    wait: dict[Urgency, Annotated[Duration, Field(le=timedelta(seconds=90))]] = {
        Urgency.critical: timedelta(seconds=20),
        Urgency.high: timedelta(minutes=1),
        Urgency.routine: timedelta(minutes=1),
    }

    @model_validator(mode="after")
    def _for_each_urgency(self) -> Self:
        if missing := sorted(set(Urgency.terms()) - {urgency.value for urgency in self.wait}):
            raise ValueError(f"wait: say how long what is {missing[0]} may wait")
        return self


class Policy(Frozen):
    """All lines. A type of event without a line tells nobody.

    `fall_over`: how long one channel is tried, by urgency, before the next is: for those who can be reached by several.
    `storms`: when notices are told together; None: never.
    """

    notices: tuple[Line, ...]
    storms: Storms | None = None
    fall_over: dict[Urgency, Duration] = {
        Urgency.critical: timedelta(seconds=15),
        Urgency.high: timedelta(minutes=2),
        Urgency.routine: timedelta(minutes=30),
    }

    @cached_property
    def by_event(self) -> dict[str, tuple[Line, ...]]:
        """The lines of each event."""
        return {when: tuple(line for line in self.notices if line.when == when) for when in get_args(When)}

    @cached_property
    def can_wait(self) -> frozenset[tuple[str, NoticeKind]]:
        """What may wait for a digest: which event, told by which text."""
        return frozenset((line.when, line.kind) for line in self.notices if line.digest)

    def steps(self, when: str, urgency: Urgency) -> tuple[Step, ...]:
        """What happens while nobody answers."""
        return next((line.unanswered[urgency] for line in self.by_event.get(when, ()) if urgency in line.unanswered), ())


def load_policy(config_dir: Path) -> Policy:
    """Reads and checks notices.yaml. ValueError says what is wrong in it."""
    try:
        return Policy.model_validate(yaml.safe_load((config_dir / FILE).read_text()))
    except ValidationError as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None
