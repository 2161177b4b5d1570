"""The answer to an event of an agency that has no effect: to that agency's inbox alone, with the reason."""

from datetime import datetime
from typing import Any

from services.routing.agencies.record import AgencyRecord
from services.routing.keeping.journal import SOURCE
from shared.events.envelope import event_id
from shared.events.routing import AgencyEventRejected, RejectedData
from shared.outbox import pending
from shared.vocabulary import Rejection


def rejection(record: AgencyRecord, reason: Rejection, topic: str, at: datetime) -> dict[str, Any]:
    """The document of a rejection, with its event for `topic` (the agency's inbox) in the outbox.

    The event's subject is the one the agency named, where it could be read. Rejections stand outside the order of the
    referral: their `sequence` is always 1.
    """
    id_ = record.rejection_id
    content = record.content
    event = AgencyEventRejected(
        id=event_id(SOURCE, f"rejection {id_}", 1),
        source=SOURCE,
        subject=content.subject or id_,
        time=at,
        correlationid=content.correlationid or content.subject or id_,
        causationid=content.id,
        sequence=1,
        data=RejectedData(agency=record.agency, event=content.id, reason=reason),
    )
    return {
        "_id": id_,
        "agency": record.agency,
        "reason": reason.value,
        "at": at,
        "outbox": [pending(event, [topic], at)],
    }
