"""Events of notifications, on `notifications.delivered`: who was told by role, never by name or address.

The aggregate is the notice, not the referral: a notice ends once, delivered or failed, so each event has sequence 1 and the
id `event_id("/notifications", notice, 1)`. There is no order among the notices of one referral, though they share its key.
A reader tells repeats by the event's id.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.events.envelope import Event
from shared.events.facts import AgencyId, Frozen
from shared.vocabulary import NotificationChannel, NotificationFailure, StaffRole, Urgency


class DeliveredData(Frozen):
    """`about` is the id of the routing event; `after_ms` counts from that event's time to the server's acceptance.

    `message`: the id of the message that told of it, as in its Message-ID; the notice's own where it told of nothing else.
    """

    notice: UUID
    about: UUID
    agency: AgencyId
    role: StaffRole
    channel: NotificationChannel
    urgency: Urgency
    attempts: Annotated[int, Field(ge=1)]
    after_ms: Annotated[int, Field(ge=0)]
    message: UUID | None = None


class FailedData(Frozen):
    """Nobody was told; the reason is closed."""

    notice: UUID
    about: UUID
    agency: AgencyId
    role: StaffRole
    channel: NotificationChannel
    urgency: Urgency
    attempts: Annotated[int, Field(ge=0)]
    reason: NotificationFailure


class NotificationDelivered(Event):
    """A server took the message for one recipient."""

    type: Literal["org.rhtrt.notification.delivered.v1"] = "org.rhtrt.notification.delivered.v1"
    data: DeliveredData


class NotificationFailed(Event):
    """A message could not be handed over."""

    type: Literal["org.rhtrt.notification.failed.v1"] = "org.rhtrt.notification.failed.v1"
    data: FailedData


NotificationEvent = NotificationDelivered | NotificationFailed
