"""Bytes to events and back: strict towards writers, tolerant towards newer ones when reading."""

from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from shared.delivery.errors import Poison, Reason
from shared.events.envelope import Envelope
from shared.vocabulary import UNRECOGNIZED, newer_terms

E = TypeVar("E", bound=BaseModel)
MAX_BYTES = 64 * 1024
_UNRECOGNIZED = f'"{UNRECOGNIZED}"'.encode()


def encode(event: Envelope) -> bytes:
    """The event as structured-mode JSON, absent attributes left out. ValueError for a term that only readers may hold."""
    raw = event.model_dump_json(exclude_none=True).encode()
    if _UNRECOGNIZED in raw:
        raise ValueError(f"{UNRECOGNIZED}: no term that a writer may send")
    return raw


class Codec(Generic[E]):
    """Reads one closed set of event types.

    Unknown fields are dropped, unknown terms of a vocabulary become `unrecognized`: both come from newer writers.
    With `newer=False` they are refused: for those who write by our contract and cannot be ahead of it, so that a
    mistyped reason is answered and not taken for a new one. Anything else that does not fit raises Poison with a closed
    reason, and never another error.
    """

    def __init__(self, union: Any, *, newer: bool = True) -> None:
        self._adapter: TypeAdapter[E] = TypeAdapter(_tagged(union))
        self._newer = newer

    def decode(self, raw: bytes | None) -> E:
        """The event in `raw`. Poison: not_json, unknown_type, bad_schema, too_large."""
        if raw is None or len(raw) > MAX_BYTES:
            raise Poison(Reason.too_large if raw else Reason.not_json)
        before = newer_terms.set(self._newer)
        try:
            return self._adapter.validate_json(raw, strict=True, extra="ignore" if self._newer else "forbid")
        except ValidationError as error:
            reason = _reason(error)
        finally:
            newer_terms.reset(before)
        raise Poison(reason)  # outside, so that it does not carry the error, whose text may quote the type


def _tagged(union: Any) -> Any:
    return Annotated[union, Field(discriminator="type")] if get_args(union) else union


def _reason(error: ValidationError) -> Reason:
    kinds = {one["type"] for one in error.errors(include_input=False, include_url=False, include_context=False)}
    if "json_invalid" in kinds:
        return Reason.not_json
    return Reason.unknown_type if "union_tag_invalid" in kinds else Reason.bad_schema
