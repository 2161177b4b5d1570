"""Hypothesis strategies for any event, made from the models themselves: a new event is covered without a line here."""

import types
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shared.contracts.channels import KINDS, Kind
from shared.events.envelope import Envelope
from shared.events.outcomes import JusticeOutcome, ServiceOutcome
from shared.vocabulary import JusticeStep, ServiceStatus, Vocabulary

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


@cache
def events(kind: Kind | None = None) -> st.SearchStrategy[Envelope]:
    """Events of one class, or of any."""
    if kind is not None:
        return _model(kind)
    return st.one_of([_model(one) for one in KINDS.values()])


def models(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Any instance of a model made of closed fields."""
    return _model(model)


@cache
def _model(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    fields = {name: _field(field) for name, field in model.model_fields.items()}
    return st.fixed_dictionaries(fields).map(lambda values: model.model_validate(_coherent(model, values)))


def _coherent(model: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    """Puts right what the rules between fields forbid."""
    if issubclass(model, ServiceOutcome) and values["status"] is not ServiceStatus.unavailable:
        values["barrier"] = None
    if issubclass(model, JusticeOutcome):
        for detail in ("charge", "disposition"):
            wanted = values["step"] is JusticeStep(detail)
            values[detail] = (values[detail] or _first(model, detail)) if wanted else None
    return values


def _first(model: type[BaseModel], name: str) -> Any:
    vocabulary = get_args(model.model_fields[name].annotation)[0]
    return next(iter(vocabulary))


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    strategy = _of(field.annotation, field.metadata)
    return strategy if field.is_required() or field.default is PydanticUndefined else strategy | st.just(field.default)


def _of(kind: Any, metadata: Iterable[Any] = ()) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _of(arguments[0], arguments[1].metadata if isinstance(arguments[1], FieldInfo) else arguments[1:])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of([st.none() if one is type(None) else _of(one) for one in arguments])
    if origin is tuple:
        return st.lists(_of(arguments[0]), max_size=4).map(tuple)
    return _leaf(kind, list(metadata))


def _leaf(kind: type, metadata: list[Any]) -> st.SearchStrategy[Any]:
    if issubclass(kind, BaseModel):
        return _model(kind)
    if issubclass(kind, Vocabulary):
        return st.sampled_from([kind(term) for term in kind.terms()])
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    simple: dict[Any, st.SearchStrategy[Any]] = {bool: st.booleans(), UUID: st.uuids(), AwareDatetime: MOMENTS}
    if kind in simple:
        return simple[kind]
    if kind in (int, float):
        numbers = st.integers if kind is int else st.floats
        return numbers(_bound(metadata, "ge", 0), _bound(metadata, "le", 10**9))
    patterns = [one.pattern for one in metadata if getattr(one, "pattern", None)]
    return st.from_regex(patterns[0], fullmatch=True, alphabet=st.characters(codec="ascii"))


def _bound(metadata: list[Any], name: str, default: int) -> int:
    return next((getattr(one, name) for one in metadata if getattr(one, name, None) is not None), default)
