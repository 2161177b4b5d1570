"""Bytes to events and back: strict towards writers, tolerant towards newer ones when reading."""

import json
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from shared.delivery.errors import Poison, Reason
from shared.vocabulary import UNRECOGNIZED

E = TypeVar("E", bound=BaseModel)
MAX_BYTES = 64 * 1024


def encode(event: BaseModel) -> bytes:
    """The event as structured-mode JSON, absent attributes left out."""
    return event.model_dump_json(exclude_none=True).encode()


class Codec(Generic[E]):
    """Reads one closed set of event types.

    Unknown fields are dropped, unknown terms of a vocabulary become `unrecognized`: both come from newer writers.
    Anything else that does not fit raises Poison with a closed reason.
    """

    def __init__(self, union: Any) -> None:
        self._adapter: TypeAdapter[E] = TypeAdapter(_tagged(union))

    def decode(self, raw: bytes | None) -> E:
        """The event in `raw`. Poison: not_json, unknown_type, bad_schema, too_large."""
        if raw is None or len(raw) > MAX_BYTES:
            raise Poison(Reason.too_large if raw else Reason.not_json)
        try:
            return self._adapter.validate_json(raw, extra="ignore")
        except ValidationError as error:
            return self._decode_newer(raw, error.errors(include_input=False, include_url=False))

    def _decode_newer(self, raw: bytes, errors: list[ErrorDetails]) -> E:
        if any(error["type"] != "enum" for error in errors):
            raise Poison(_reason(errors)) from None
        document = json.loads(raw)
        for error in errors:
            _replace(document, error["loc"][1:], UNRECOGNIZED)  # loc[0] is the event type
        try:
            return self._adapter.validate_json(json.dumps(document), extra="ignore")
        except ValidationError:
            raise Poison(Reason.bad_schema) from None


def _tagged(union: Any) -> Any:
    return Annotated[union, Field(discriminator="type")] if get_args(union) else union


def _reason(errors: list[ErrorDetails]) -> Reason:
    kinds = {error["type"] for error in errors}
    if "json_invalid" in kinds:
        return Reason.not_json
    return Reason.unknown_type if "union_tag_invalid" in kinds else Reason.bad_schema


def _replace(document: Any, path: tuple[int | str, ...], term: str) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = term
