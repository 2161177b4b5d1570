"""The CloudEvents 1.0 envelope, structured JSON mode, that every event travels in."""

from datetime import UTC, datetime
from hashlib import sha1
from string import hexdigits
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from shared.events.facts import Frozen

CONTENT_TYPE = "application/cloudevents+json"
_NAMESPACE = UUID("6c1d3f0e-8d0c-5d7e-9a55-2f6f0b5f5a01")
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in hexdigits.lower()}


def event_id(source: str, aggregate: str, sequence: int) -> UUID:
    """The id of the event `sequence` of an aggregate at a source: the same however often it is made."""
    return uuid5(_NAMESPACE, f"{source}#{aggregate}#{sequence}")


class EventIds:
    """The same ids as text, for a writer of several events of one aggregate: a seventh of the time that UUID objects take."""

    def __init__(self, source: str, aggregate: str) -> None:
        self._begun = sha1(_NAMESPACE.bytes + f"{source}#{aggregate}#".encode(), usedforsecurity=False)

    def text(self, sequence: int) -> str:
        """The id of the event with this sequence."""
        digest = self._begun.copy()
        digest.update(b"%d" % sequence)
        name = digest.hexdigest()
        return f"{name[:8]}-{name[8:12]}-5{name[13:16]}-{_VARIANT[name[16]]}{name[17:20]}-{name[20:32]}"


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range in UTC") from None


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A point in time, RFC 3339 with its zone on the wire, always UTC in here."""


def _number(value: Any) -> Any:
    ten_digits = isinstance(value, str) and len(value) == 10 and value.isascii() and value.isdigit()
    return int(value) if ten_digits else value


Sequence = Annotated[
    int,
    BeforeValidator(_number),
    Field(strict=True, ge=1, le=9_999_999_999),
    PlainSerializer(lambda number: f"{number:010d}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{10}$"}),
]
"""Place of the event in its aggregate's life, from 1 without gaps; ten digits on the wire, as the CloudEvents
sequence extension asks for a string that sorts."""

Source = Annotated[str, Field(pattern=r"^/(intake|routing|notifications|agencies/[a-z][a-z-]{1,30})$")]
DataRef = Annotated[str, Field(pattern=r"^/api/v1/referrals/[0-9a-f-]{36}/details$")]


class Envelope(Frozen):
    """What every event says of itself. `subject` is the referral's id and the Kafka key."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: Source
    subject: UUID
    time: Moment
    datacontenttype: Literal["application/json"] = "application/json"
    correlationid: UUID
    causationid: UUID | None = None


class Event(Envelope):
    """An event of ours: ordered within its referral and its source by `sequence`."""

    sequence: Sequence
    dataref: DataRef | None = None


class AgencyEvent(Envelope):
    """An event an agency writes to its outbox. `id` makes it count once; no sequence is asked of outside systems."""

    correlationid: UUID | None = None  # type: ignore[assignment]  # an agency need not trace
