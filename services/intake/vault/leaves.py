"""The details as single fields, each with its name: `victim.names`, `narrative`. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from services.intake.details import Details


def leaves(details: Mapping[str, Any]) -> dict[str, Any]:
    """Every field that is told, by name. A list is one field."""
    return dict(_leaves(details, ""))


def _leaves(part: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in part.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{before}{name}.")
        else:
            yield before + name, value


def grown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The details again: what `leaves` took apart."""
    details: dict[str, Any] = {}
    for name, value in fields.items():
        *parts, last = name.split(".")
        place = details
        for part in parts:
            place = place.setdefault(part, {})
        place[last] = value
    return details


def names(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """The name of every field that a model and those within it can have."""
    for name, field in model.model_fields.items():
        inner = [one for one in (field.annotation, *getattr(field.annotation, "__args__", ())) if _is_model(one)]
        if inner:
            yield from names(inner[0], f"{before}{name}.")
        else:
            yield before + name


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


FIELDS = tuple(names(Details))
"""The name of every field of the details."""
