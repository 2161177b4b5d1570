"""What notifications reads: `referrals.activity`, in the group `notifications`."""

from typing import Any

from services.notifications.usecases import Announce
from shared.delivery.reader import Reader
from shared.delivery.subscription import keyed, subscribe
from shared.events.codec import Codec
from shared.events.routing import ActivityEvent
from shared.service import Service
from shared.topics import ACTIVITY

GROUP = "notifications"


def read_activity(service: Service, announce: Announce) -> Reader[Any]:
    """Subscribes the use case to routing's events."""
    reader: Reader[Any] = subscribe(
        service.broker,
        service.settings,
        group=GROUP,
        topics=[ACTIVITY],
        decode=keyed(Codec(ActivityEvent)),
        apply=announce.apply,
        parking=service.parking(GROUP),
        publisher=service.publisher,
    )
    service.reader(reader)
    return reader
