"""A notice: that one recipient is to be told of one event, by a message of its own or together with others."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from services.notifications.directory.contacts import Seat
from shared.vocabulary import AssignmentRole, NotificationChannel, Urgency

_NAMESPACE = UUID("1f6a1e5e-6f0b-5c43-8a53-6a1f0f3c8e21")


class NoticeKind(StrEnum):
    """Which text is sent. A closed set: it is a metric label."""

    offered = "offered"
    reminded = "reminded"
    expired = "expired"
    declined = "declined"
    revoked = "revoked"
    escalated = "escalated"
    clock_missed = "clock_missed"
    reporter_added = "reporter_added"
    undelivered = "undelivered"
    test = "test"


class NoticeStatus(StrEnum):
    """Where a notice stands: `pending → claimed → sent | failed | dropped`; `claimed → pending` where it is tried again later.

    `grouped → sent | failed | dropped`: it waits to be told with others, and ends as their bundle does. `dropped`: what it asks
    for had been answered before it was sent.
    """

    grouped = "grouped"
    pending = "pending"
    claimed = "claimed"
    sent = "sent"
    failed = "failed"
    dropped = "dropped"


class Form(StrEnum):
    """Why notices are told together. A closed set: it is a metric label."""

    storm = "storm"
    """More than a few came to one desk within a short time."""
    rest = "rest"
    """They came during quiet hours."""
    digest = "digest"
    """They can wait, and the recipient wants such ones once a day or a week."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a message is made of: coded facts that may be mailed, and whom to look up when it is sent.

    `about` is the routing event, `sequence` its place in the referral's life; `at` its time, or when the step was due. `why`
    names the line of notices.yaml, as `assignment.offered:duty`. `not_before`: it waits until then, as it may and the
    recipient rests, or as it is `held` to be told with others. `step` of the escalation, 0 for what is told at once.
    `awaits`: whose answer makes it pointless. `channel` it goes by next; `fall_over`: from when on another is tried where
    this one fails, None where there is no other.
    """

    id: UUID
    about: UUID
    referral: UUID
    correlation: UUID
    sequence: int
    at: datetime
    kind: NoticeKind
    seat: Seat
    urgency: Urgency
    why: str
    asked_as: AssignmentRole | None = None
    answer_by: datetime | None = None
    not_before: datetime | None = None
    step: int = 0
    awaits: str | None = None
    fall_over: datetime | None = None
    channel: NotificationChannel = NotificationChannel.email
    held: Form | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it waits for nothing: neither for others nor for the end of a rest."""
        return self.held is None and (self.not_before is None or self.not_before <= now)

    def goes_at_once(self, now: datetime) -> bool:
        """Whether nothing that may still happen could make it pointless, so that there is no reason to look again."""
        return self.awaits is None and self.is_due(now)


def notice_id(about: UUID, seat: Seat, step: int = 0) -> UUID:
    """The same for the same event, seat and step, so that whatever is done twice adds nothing."""
    return uuid5(_NAMESPACE, f"{about}#{seat.agency}#{seat.role.value}#{seat.number}#{step}")


def once_more(notice: Notice, at: datetime) -> Notice:
    """A notice that was given up, made anew by somebody's wish: it ends by itself, as the old one has ended."""
    return replace(notice, id=uuid5(_NAMESPACE, f"{notice.id}#{at.isoformat()}"), not_before=None, held=None)


def in_place_of(notice: Notice, seat: Seat, at: datetime) -> Notice:
    """Tells `seat` that a notice reached nobody. One for each notice, however often it is made."""
    return replace(
        notice,
        id=uuid5(_NAMESPACE, f"{notice.id}#undelivered"),
        kind=NoticeKind.undelivered,
        seat=seat,
        at=at,
        not_before=None,
        held=None,
        awaits=None,
        channel=NotificationChannel.email,
        fall_over=None,
    )
