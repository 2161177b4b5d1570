"""The `when` of a rule as written: each line a fact or a conclusion, with the terms that it is compared with. Pure."""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, PlainValidator, WithJsonSchema, create_model

from services.routing.rules.derived import MEANING
from services.routing.rules.matching import Condition
from shared.events.facts import Facts
from shared.vocabulary import Vocabulary


class Written(BaseModel):
    """Closed, so that a misspelled word is an error and not a rule that never holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _terms(annotation: Any) -> list[str] | None:
    """The terms a fact may have; None for a boolean, [] for an agency's id."""
    if annotation is bool:
        return None
    if get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        return _terms(get_args(annotation)[0])
    return annotation.terms() if isinstance(annotation, type) and issubclass(annotation, Vocabulary) else []


TERMS: Mapping[str, list[str] | None] = {
    **{name: _terms(field.annotation) for name, field in Facts.model_fields.items() if name != "excluded_agencies"},
    **dict.fromkeys(MEANING),
}
"""Everything a `when` may name, with the terms it may be compared with (None: true or false)."""


def _allowed(terms: list[str] | None) -> Callable[[Any], frozenset[Any]]:
    """Reads one term or several. A bare yes or no, which YAML reads as true or false, is the term."""

    def read(written: Any) -> frozenset[Any]:
        values = written if isinstance(written, list) else [written]
        if terms is None:
            if not values or not all(isinstance(value, bool) for value in values):
                raise ValueError("write true or false")
            return frozenset(values)
        words = [{True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value for value in values]
        if not words or (unknown := [str(word) for word in words if word not in terms]):
            raise ValueError(
                f"{', '.join(unknown) if words else 'nothing'} is not a term of it; choose from: {', '.join(terms)}"
            )
        return frozenset(words)

    return read


def _line(name: str, terms: list[str] | None) -> Any:
    one: dict[str, Any] = {"type": "boolean"} if terms is None else {"enum": list(terms)}
    if terms and {"yes", "no"} <= set(terms):
        one["enum"] += [True, False]  # as YAML reads a bare yes or no
    schema = {
        "anyOf": [one, {"type": "array", "items": one, "minItems": 1}],
        "description": MEANING.get(name, "a fact as told"),
    }
    return Annotated[Any, PlainValidator(_allowed(terms)), WithJsonSchema(schema)], None


class _Lines(Written):
    """The lines of a `when`, each a fact or a conclusion with the terms it allows."""

    def conditions(self) -> tuple[Condition, ...]:
        """What has to hold."""
        return tuple(Condition(name, allowed) for name, allowed in self if allowed is not None)


When = create_model("When", __base__=_Lines, **{name: _line(name, terms) for name, terms in TERMS.items()})
