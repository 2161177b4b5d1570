"""Who is told of what, as config/notices.yaml says it."""

from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import Field, ValidationError

from services.notifications.complaint import complaint
from services.notifications.contacts import Role
from services.notifications.notice import NoticeKind
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
]


class Tell(Frozen):
    """A role that is told; each condition that is given has to hold."""

    role: Role
    urgency: tuple[Urgency, ...] | None = None
    level: tuple[EscalationLevel, ...] | None = None
    clock: tuple[ClockKind, ...] | None = None


class Line(Frozen):
    """What one type of event leads to."""

    when: When
    kind: NoticeKind
    tell: tuple[Tell, ...] = Field(min_length=1)


class Policy(Frozen):
    """All lines. A type of event without a line tells nobody."""

    notices: tuple[Line, ...]

    @cached_property
    def by_event(self) -> dict[str, tuple[Line, ...]]:
        """The lines of each event."""
        return {when: tuple(line for line in self.notices if line.when == when) for when in get_args(When)}


def load_policy(config_dir: Path) -> Policy:
    """Reads and checks notices.yaml. ValueError says what is wrong in it."""
    try:
        return Policy.model_validate(yaml.safe_load((config_dir / FILE).read_text()))
    except ValidationError as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None
