"""A notice: that one recipient is to be told of one event by one channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from services.notifications.contacts import Seat
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


class NoticeStatus(StrEnum):
    """Where a notice stands: `pending → claimed → sent | failed`; `claimed → pending` where it is tried again later."""

    pending = "pending"
    claimed = "claimed"
    sent = "sent"
    failed = "failed"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a message is made of: coded facts that may be mailed, and whom to look up when it is sent.

    `about` is the routing event, `sequence` its place in the referral's life and `at` its time. `why` names the line of
    notices.yaml, as `assignment.offered:duty`. `not_before`: it waits until then, as it may and the recipient rests.
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
    channel: NotificationChannel = NotificationChannel.email


def notice_id(about: UUID, seat: Seat, channel: NotificationChannel = NotificationChannel.email) -> UUID:
    """The same for the same event, recipient and channel, so that a repeated event adds nothing."""
    return uuid5(_NAMESPACE, f"{about}#{seat.agency}#{seat.role.value}#{seat.number}#{channel.value}")
