"""A record of an agency's outbox, readable or not. Reading never fails: what cannot be read is a value that says why."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from services.routing.agencies.extensions import without_extensions
from shared.delivery.errors import Poison, Reason
from shared.delivery.record import Stored
from shared.events.agency import OutboxEvent
from shared.events.codec import MAX_BYTES, Codec
from shared.topics import agency_of
from shared.vocabulary import Rejection

_NAMESPACE = UUID("0f0f5a52-6f0b-5e0c-8a43-6a3f0c9d2b11")
_REJECTION = {
    Reason.not_json: Rejection.unreadable,
    Reason.unknown_type: Rejection.unknown_type,
    Reason.bad_schema: Rejection.bad_schema,
    Reason.too_large: Rejection.too_large,
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a record has no effect. What could still be read of it goes back with the rejection: `id`, `subject`, …."""

    reason: Rejection
    id: UUID | None = None
    subject: UUID | None = None
    correlationid: UUID | None = None


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """What `agency` wrote at `place` (topic, partition, offset)."""

    agency: str
    place: str
    content: OutboxEvent | Refused

    @property
    def rejection_id(self) -> UUID:
        """The id of its rejection, should it be rejected: one for each event of an agency, however often it is sent."""
        known = self.content.id
        return uuid5(_NAMESPACE, f"{self.agency}#{known}" if known else self.place)


def reading(codec: Codec[Any]) -> Callable[[Stored], AgencyRecord]:
    """How to read a record of an agency's outbox."""

    def read(record: Stored) -> AgencyRecord:
        agency = agency_of(record.topic)
        return AgencyRecord(agency, f"{record.topic}#{record.partition}#{record.offset}", _content(codec, agency, record))

    return read


def _content(codec: Codec[Any], agency: str, record: Stored) -> OutboxEvent | Refused:
    try:
        event = _event(codec, record.value)
    except Poison as poison:
        return _salvage(record.value, _REJECTION.get(poison.reason, Rejection.unreadable), agency)
    reason = _misplaced(event, agency, record)
    return Refused(reason, event.id, event.subject, event.correlationid) if reason else event


def _event(codec: Codec[Any], raw: bytes | None) -> OutboxEvent:
    """The event, whose extension attributes are looked for only where it cannot be read as it is. Poison otherwise."""
    try:
        event: OutboxEvent = codec.decode(raw)
    except Poison as poison:
        bare = without_extensions(raw) if raw and poison.reason is Reason.bad_schema else None
        if bare is None:
            raise
        event = codec.decode(bare)
    return event


def _misplaced(event: OutboxEvent, agency: str, record: Stored) -> Rejection | None:
    if event.source != f"/agencies/{agency}":
        return Rejection.wrong_source
    return Rejection.wrong_key if record.key != str(event.subject).encode() else None


def _salvage(raw: bytes | None, reason: Rejection, agency: str) -> Refused:
    """What can be said of a record that is no event: its id, and whether its source alone is wrong."""
    try:
        found = json.loads(raw or b"") if len(raw or b"") <= MAX_BYTES else {}
    except (ValueError, RecursionError):
        found = {}
    if not isinstance(found, dict):
        found = {}
    own = f"/agencies/{agency}"
    if reason is Rejection.bad_schema and found.get("source", own) != own:
        reason = Rejection.wrong_source
    return Refused(reason, *(_uuid(found.get(name)) for name in ("id", "subject", "correlationid")))


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
