"""The three topics that figures are made from. Each owns one part of the case, has its own reader and knows its events."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.cases.projections import ACTIVITY, DELIVERED, INTAKE
from shared import topics
from shared.delivery.record import Stored
from shared.delivery.subscription import keyed
from shared.events.codec import Codec
from shared.events.intake import IntakeEvent
from shared.events.notification import NotificationEvent
from shared.events.routing import ActivityEvent


@dataclass(frozen=True, slots=True)
class Source:
    """`part` of the case that the events of `topic` write; `group` is the live reader's consumer group."""

    part: str
    topic: str
    group: str
    decode: Callable[[Stored], Any]


SOURCES: Final = (
    Source(INTAKE, topics.INTAKE, "reporting-intake", keyed(Codec(IntakeEvent))),
    Source(ACTIVITY, topics.ACTIVITY, "reporting-activity", keyed(Codec(ActivityEvent))),
    Source(DELIVERED, topics.DELIVERED, "reporting-delivered", keyed(Codec(NotificationEvent))),
)
