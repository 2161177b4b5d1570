"""Whether staff were told, and how fast. Pure."""

from typing import Final

from services.reporting.figures import counting, moments
from services.reporting.figures.measure import Count, Measure, Timing
from shared.events import notification

NOTICES: Final[tuple[Measure, ...]] = (
    Count(
        name="notices",
        title="Notices, by channel and end",
        definition="Notices to staff about referrals received in the period: delivered, or the reason why not.",
        numerator="notices that ended so",
        denominator="notices",
        unit="notices",
        sources=(notification.NotificationDelivered, notification.NotificationFailed),
        by=("channel", "end"),
        rows=counting.notices,
    ),
    Timing(
        name="notice_time",
        title="Time to notify",
        definition="From routing's event to the moment that the server took the notice; failed notices have no time.",
        numerator="notices delivered within the target",
        unit="milliseconds",
        sources=(notification.NotificationDelivered,),
        spans=moments.notices,
    ),
)
