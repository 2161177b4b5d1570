"""The pure decision: whom an event's policy tells, and from when on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.directory.contacts import Role, Seat
from services.notifications.directory.directory import Holder
from services.notifications.notices.notice import Form, Notice, NoticeKind, notice_id
from services.notifications.plan.matter import Matter
from services.notifications.plan.policy import AWAITS_AN_ANSWER, Tell
from services.notifications.plan.rules import Rules
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


def decide(occasion: Occasion, rules: Rules) -> list[Notice]:
    """The notices an event leads to at once, at most one for each holder."""
    lines = rules.policy.by_event.get(occasion.name, ())
    told = ((line.kind, tell.role) for line in lines for tell in line.tell if _holds(tell, occasion))
    return each_once(occasion.matter, told, rules, occasion.now)


def _holds(tell: Tell, occasion: Occasion) -> bool:
    level: EscalationLevel | None = occasion.said("level")
    if level is EscalationLevel.unrecognized:
        level = EscalationLevel.coordinator  # a level newer than this program: the highest we know has to hear of it
    asked = ((tell.urgency, occasion.urgency), (tell.level, level), (tell.clock, occasion.said("clock")))
    return all(wanted is None or fact in wanted for wanted, fact in asked)


def each_once(
    matter: Matter, told: Iterable[tuple[NoticeKind, Role]], rules: Rules, now: datetime, step: int = 0
) -> list[Notice]:
    """A notice for everyone who holds one of the roles: by the first role where somebody holds several."""
    found: dict[str, Notice] = {}
    for kind, role in told:
        for seat in rules.directory.seats(matter.agency, role):
            holder = rules.directory.holder(seat, now)
            if holder.identity not in found:
                found[holder.identity] = _notice(matter, kind, f"{matter.when}:{role.value}", seat, holder, rules, now, step)
    return list(found.values())


def _notice(  # noqa: PLR0917
    matter: Matter, kind: NoticeKind, why: str, seat: Seat, holder: Holder, rules: Rules, now: datetime, step: int
) -> Notice:
    digest = _digest(matter, kind, holder, rules, now)
    rest = digest or _rest(holder, matter.urgency, now)
    return Notice(
        id=notice_id(matter.about, seat, step),
        about=matter.about,
        referral=matter.referral,
        correlation=matter.correlation,
        sequence=matter.sequence,
        at=matter.at,
        kind=kind,
        seat=seat,
        urgency=matter.urgency,
        why=why,
        asked_as=matter.asked_as,
        answer_by=matter.answer_by,
        not_before=rest,
        step=step,
        awaits=_awaits(matter, kind),
        held=Form.digest if digest else None,
        channel=holder.ways[0],
        fall_over=(rest or now) + rules.policy.fall_over[matter.urgency] * rules.scale if len(holder.ways) > 1 else None,
    )


def _rest(holder: Holder, urgency: Urgency, now: datetime) -> datetime | None:
    """Until when a notice waits. A critical one waits for nobody's rest."""
    return None if urgency is Urgency.critical else rest_of(Form.rest, holder, now)


def rest_of(why: Form, holder: Holder, now: datetime) -> datetime | None:
    """Until when whoever holds a desk now lets rest what waits for their digest, or for the end of their quiet hours."""
    reach = holder.reach
    if why is Form.digest:
        return reach.digest.after(now, reach.zone) if reach.digest else None
    return reach.quiet.until(now, reach.zone) if reach.quiet else None


def _digest(matter: Matter, kind: NoticeKind, holder: Holder, rules: Rules, now: datetime) -> datetime | None:
    """When the digest is sent that a notice can wait for; None where it cannot, or its recipient wants none."""
    can_wait = matter.urgency is Urgency.routine and (matter.when, kind) in rules.policy.can_wait
    return rest_of(Form.digest, holder, now) if can_wait else None


def _awaits(matter: Matter, kind: NoticeKind) -> str | None:
    """Whose answer makes the notice pointless. The offer itself is told in any case: it is how an agency knows what it has."""
    return matter.agency if matter.when in AWAITS_AN_ANSWER and kind is not NoticeKind.offered else None
