"""What the others are told once a notice has ended: `notification.delivered` or `notification.failed`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.notifications.notices.attempt import Dropped, Failed, Sent, Settled, Trouble
from services.notifications.notices.bundle import Bundle, told
from services.notifications.notices.notice import Notice, NoticeKind
from shared.events.envelope import event_id
from shared.events.notification import DeliveredData, FailedData, NotificationDelivered, NotificationEvent, NotificationFailed
from shared.vocabulary import NotificationFailure

SOURCE = "/notifications"


def apiece(outcome: Settled) -> Iterator[tuple[Notice, Settled]]:
    """How each notice of a message has ended: as the message has, unless it had become pointless before."""
    message = outcome.claimed.message
    yield from ((notice, outcome) for notice in told(message))
    if isinstance(message, Bundle):
        yield from ((notice, Dropped(outcome.claimed, outcome.at)) for notice in message.dropped)


def endings(outcome: Settled) -> Iterator[NotificationEvent]:
    """The events of the notices in a message. A drill is nobody else's business: no figure may count it."""
    return (_ending(notice, how) for notice, how in apiece(outcome) if notice.kind is not NoticeKind.test)


def _ending(notice: Notice, outcome: Settled) -> NotificationEvent:
    """The only event of a notice's life; its id depends on the notice alone."""
    envelope: dict[str, Any] = {
        "id": event_id(SOURCE, str(notice.id), 1),
        "source": SOURCE,
        "subject": notice.referral,
        "time": outcome.at,
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
        took, message = milliseconds(notice.at, outcome.at), outcome.claimed.message.id
        return NotificationDelivered(**envelope, data=DeliveredData(**facts, after_ms=took, message=message))
    return NotificationFailed(**envelope, data=FailedData(**facts, reason=_reason(outcome)))


def milliseconds(since: datetime, at: datetime) -> int:
    """From the routing event to the server's yes."""
    return max(0, round((at - since).total_seconds() * 1000))


def _reason(outcome: Failed | Dropped) -> NotificationFailure:
    if isinstance(outcome, Dropped):
        return NotificationFailure.suppressed
    return NotificationFailure.refused if outcome.trouble is Trouble.refused else NotificationFailure.unreachable
