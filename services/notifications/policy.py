"""Who is told of what: config/notices.yaml, and the pure decision that follows it."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from services.notifications.contacts import Contacts, Role, complaint
from services.notifications.notice import Notice, NoticeKind, notice_id
from shared.events.facts import Frozen
from shared.events.routing import ActivityEvent
from shared.vocabulary import AssignmentRole, ClockKind, EscalationLevel, Urgency

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


def load_policy(config_dir: Path) -> Policy:
    """Reads and checks notices.yaml. ValueError says what is wrong in it."""
    try:
        return Policy.model_validate(yaml.safe_load((config_dir / FILE).read_text()))
    except ValidationError as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None


def decide(event: ActivityEvent, policy: Policy, contacts: Contacts, urgency: Urgency) -> list[Notice]:
    """The notices an event leads to, at most one a mailbox. `urgency` is the referral's, for events that carry none."""
    found: dict[str, Notice] = {}
    name = name_of(event)
    for line in policy.notices:
        for tell in line.tell if line.when == name else ():
            if _holds(tell, event, urgency):
                for notice, address in _notices(event, line, tell, contacts, urgency):
                    found.setdefault(address, notice)
    return list(found.values())


def name_of(event: ActivityEvent) -> str:
    """An event's type as notices.yaml calls it: `org.rhtrt.clock.missed.v1` is `clock.missed`."""
    return ".".join(event.type.split(".")[2:4])


def _holds(tell: Tell, event: ActivityEvent, urgency: Urgency) -> bool:
    level: EscalationLevel | None = getattr(event.data, "level", None)
    if level is EscalationLevel.unrecognized:
        level = EscalationLevel.coordinator  # a level newer than this program: the highest we know has to hear of it
    asked = ((tell.urgency, urgency), (tell.level, level), (tell.clock, getattr(event.data, "clock", None)))
    return all(wanted is None or fact in wanted for wanted, fact in asked)


def _notices(event: ActivityEvent, line: Line, tell: Tell, contacts: Contacts, urgency: Urgency) -> list[tuple[Notice, str]]:
    facts: dict[str, Any] = {
        "about": event.id,
        "referral": event.subject,
        "correlation": event.correlationid,
        "sequence": event.sequence,
        "at": event.time,
        "kind": line.kind,
        "urgency": urgency,
        "why": f"{line.when}:{tell.role.value}",
        "asked_as": _known(getattr(event.data, "role", None)),
        "answer_by": getattr(event.data, "answer_by", None),
    }
    return [
        (Notice(id=notice_id(event.id, seat), seat=seat, **facts), recipient.address)
        for seat, recipient in contacts.seats(getattr(event.data, "agency", None), tell.role)
    ]


def _known(role: AssignmentRole | None) -> AssignmentRole | None:
    return None if role is AssignmentRole.unrecognized else role
