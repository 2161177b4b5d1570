"""What the others are told once a notice has ended: `notification.delivered` or `notification.failed`."""

from typing import Any

from services.notifications.attempt import Dropped, Failed, Sent, Trouble
from shared.events.envelope import event_id
from shared.events.notification import DeliveredData, FailedData, NotificationDelivered, NotificationEvent, NotificationFailed
from shared.vocabulary import NotificationFailure

SOURCE = "/notifications"


def ending(outcome: Sent | Failed | Dropped) -> NotificationEvent:
    """The only event of a notice's life; its id depends on the notice alone."""
    notice, at = outcome.claimed.notice, outcome.at
    envelope: dict[str, Any] = {
        "id": event_id(SOURCE, str(notice.id), 1),
        "source": SOURCE,
        "subject": notice.referral,
        "time": at,
        "correlationid": notice.correlation,
        "causationid": notice.about,
        "sequence": 1,
    }
    facts: dict[str, Any] = {
        "notice": notice.id,
        "about": notice.about,
        "agency": notice.seat.agency,
        "role": notice.seat.role,
        "channel": notice.channel,
        "urgency": notice.urgency,
        "attempts": outcome.claimed.attempt,
    }
    if isinstance(outcome, Sent):
        return NotificationDelivered(**envelope, data=DeliveredData(**facts, after_ms=after_ms(outcome)))
    return NotificationFailed(**envelope, data=FailedData(**facts, reason=_reason(outcome)))


def after_ms(sent: Sent) -> int:
    """Milliseconds from the routing event to the server's yes."""
    return max(0, round((sent.at - sent.claimed.notice.at).total_seconds() * 1000))


def _reason(outcome: Failed | Dropped) -> NotificationFailure:
    if isinstance(outcome, Dropped):
        return NotificationFailure.suppressed
    return NotificationFailure.refused if outcome.trouble is Trouble.refused else NotificationFailure.unreachable
