"""What notifications reads: `referrals.activity`, once to tell people of it and once to check that they were told."""

from typing import Any

from services.notifications.oversight.auditor import Auditor
from services.notifications.usecases import Announce
from shared.delivery.reader import Reader
from shared.delivery.subscription import keyed, subscribe
from shared.events.codec import Codec
from shared.events.routing import ActivityEvent
from shared.service import Service
from shared.topics import ACTIVITY

GROUP = "notifications"
AUDIT_GROUP = "notifications-audit"
_AUDIT_PAUSE = 0.5  # seconds between its batches: it has two minutes, and need not take a processor from those who tell


def read_activity(service: Service, announce: Announce, auditor: Auditor) -> None:
    """Subscribes both to routing's events, each in a group of its own."""
    for group, apply, pause in ((GROUP, announce.apply, 0.0), (AUDIT_GROUP, auditor.apply, _AUDIT_PAUSE)):
        reader: Reader[Any] = subscribe(
            service.broker,
            service.settings,
            group=group,
            topics=[ACTIVITY],
            decode=keyed(Codec(ActivityEvent)),
            apply=apply,
            parking=service.parking(group),
            publisher=service.publisher,
            pause=pause,
        )
        service.reader(reader)
