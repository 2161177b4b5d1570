"""The pure decision: whom an event's policy tells, and from when on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.directory import Directory, Holder
from services.notifications.notice import Notice, notice_id
from services.notifications.policy import Line, Policy, Tell
from shared.events.routing import ActivityEvent
from shared.vocabulary import AssignmentRole, EscalationLevel, Urgency


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event, how urgent its referral is (not every event says so), and the time it is decided at."""

    event: ActivityEvent
    urgency: Urgency
    now: datetime

    @property
    def name(self) -> str:
        """The event's type as notices.yaml calls it: `org.rhtrt.clock.missed.v1` is `clock.missed`."""
        return ".".join(self.event.type.split(".")[2:4])

    def said(self, fact: str) -> Any:
        """What the event says of a fact; None where it says nothing of it."""
        return getattr(self.event.data, fact, None)


def decide(occasion: Occasion, policy: Policy, directory: Directory) -> list[Notice]:
    """The notices an event leads to, at most one for each holder."""
    found: dict[str, Notice] = {}
    for line in policy.by_event.get(occasion.name, ()):
        for tell in line.tell:
            if _holds(tell, occasion):
                for notice, who in _notices(occasion, line, tell, directory):
                    found.setdefault(who, notice)
    return list(found.values())


def _holds(tell: Tell, occasion: Occasion) -> bool:
    level: EscalationLevel | None = occasion.said("level")
    if level is EscalationLevel.unrecognized:
        level = EscalationLevel.coordinator  # a level newer than this program: the highest we know has to hear of it
    asked = ((tell.urgency, occasion.urgency), (tell.level, level), (tell.clock, occasion.said("clock")))
    return all(wanted is None or fact in wanted for wanted, fact in asked)


def _notices(occasion: Occasion, line: Line, tell: Tell, directory: Directory) -> Iterator[tuple[Notice, str]]:
    """A notice for each seat, and who holds it now, by what two seats of one holder have in common."""
    event = occasion.event
    facts: dict[str, Any] = {
        "about": event.id,
        "referral": event.subject,
        "correlation": event.correlationid,
        "sequence": event.sequence,
        "at": event.time,
        "kind": line.kind,
        "urgency": occasion.urgency,
        "why": f"{line.when}:{tell.role.value}",
        "asked_as": _known(occasion.said("role")),
        "answer_by": occasion.said("answer_by"),
    }
    for seat in directory.seats(occasion.said("agency"), tell.role):
        holder = directory.holder(seat, occasion.now)
        rest = rest_of(holder, occasion.urgency, occasion.now)
        yield Notice(id=notice_id(event.id, seat), seat=seat, not_before=rest, **facts), holder.identity


def rest_of(holder: Holder, urgency: Urgency, now: datetime) -> datetime | None:
    """Until when a notice waits. A critical one waits for nobody's rest."""
    return holder.reach.quiet.until(now) if holder.reach.quiet and urgency is not Urgency.critical else None


def _known(role: AssignmentRole | None) -> AssignmentRole | None:
    return None if role is AssignmentRole.unrecognized else role
