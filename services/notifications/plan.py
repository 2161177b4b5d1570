"""The pure decision: whom an event's policy tells, and from when on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.contacts import Role
from services.notifications.directory import Directory, Holder
from services.notifications.matter import Matter
from services.notifications.notice import Notice, NoticeKind, notice_id
from services.notifications.policy import AWAITS_AN_ANSWER, Policy, Tell
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

    @property
    def matter(self) -> Matter:
        """What notices of this event are about."""
        role, event = self.said("role"), self.event
        return Matter(
            about=event.id,
            referral=event.subject,
            correlation=event.correlationid,
            sequence=event.sequence,
            at=event.time,
            when=self.name,
            urgency=self.urgency,
            agency=self.said("agency"),
            asked_as=None if role is AssignmentRole.unrecognized else role,
            answer_by=self.said("answer_by"),
        )


def decide(occasion: Occasion, policy: Policy, directory: Directory) -> list[Notice]:
    """The notices an event leads to at once, at most one for each holder."""
    lines = policy.by_event.get(occasion.name, ())
    told = ((line.kind, tell.role) for line in lines for tell in line.tell if _holds(tell, occasion))
    return each_once(occasion.matter, told, directory, occasion.now)


def _holds(tell: Tell, occasion: Occasion) -> bool:
    level: EscalationLevel | None = occasion.said("level")
    if level is EscalationLevel.unrecognized:
        level = EscalationLevel.coordinator  # a level newer than this program: the highest we know has to hear of it
    asked = ((tell.urgency, occasion.urgency), (tell.level, level), (tell.clock, occasion.said("clock")))
    return all(wanted is None or fact in wanted for wanted, fact in asked)


def each_once(
    matter: Matter, told: Iterable[tuple[NoticeKind, Role]], directory: Directory, now: datetime, step: int = 0
) -> list[Notice]:
    """A notice for everyone who holds one of the roles: by the first role where somebody holds several."""
    found: dict[str, Notice] = {}
    for kind, role in told:
        for notice, who in _notices(matter, kind, role, directory, now, step):
            found.setdefault(who, notice)
    return list(found.values())


def _notices(  # noqa: PLR0917
    matter: Matter, kind: NoticeKind, role: Role, directory: Directory, now: datetime, step: int
) -> Iterator[tuple[Notice, str]]:
    """A notice for each seat, and who holds it now, by what two seats of one holder have in common."""
    for seat in directory.seats(matter.agency, role):
        holder = directory.holder(seat, now)
        notice = Notice(
            id=notice_id(matter.about, seat, step),
            about=matter.about,
            referral=matter.referral,
            correlation=matter.correlation,
            sequence=matter.sequence,
            at=matter.at,
            kind=kind,
            seat=seat,
            urgency=matter.urgency,
            why=f"{matter.when}:{role.value}",
            asked_as=matter.asked_as,
            answer_by=matter.answer_by,
            not_before=_rest(holder, matter.urgency, now),
            step=step,
            awaits=_awaits(matter, kind),
        )
        yield notice, holder.identity


def _rest(holder: Holder, urgency: Urgency, now: datetime) -> datetime | None:
    """Until when a notice waits. A critical one waits for nobody's rest."""
    return holder.reach.quiet.until(now) if holder.reach.quiet and urgency is not Urgency.critical else None


def _awaits(matter: Matter, kind: NoticeKind) -> str | None:
    """Whose answer makes the notice pointless. The offer itself is told in any case: it is how an agency knows what it has."""
    return matter.agency if matter.when in AWAITS_AN_ANSWER and kind is not NoticeKind.offered else None
