"""config/rules.yaml as written: its shape, and what may stand in it. Errors name the rule and say what to choose."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from services.routing.derived import MEANING
from services.routing.rules import KINDS, POLICE_OF, TOWN_FACTS
from shared.agencies import Agencies, AgencyKind
from shared.events.facts import Facts, RuleId
from shared.vocabulary import AssignmentRole, ClockKind, Urgency, Vocabulary


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


def _schema_of(terms: list[str] | None) -> dict[str, Any]:
    """For an editor: one value, or several."""
    one: dict[str, Any] = {"type": "boolean"} if terms is None else {"enum": list(terms)}
    if terms and {"yes", "no"} <= set(terms):
        one["enum"] += [True, False]  # as YAML reads a bare yes or no
    return {"anyOf": [one, {"type": "array", "items": one}]}


WHEN_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: _schema_of(terms) | {"description": MEANING.get(name, "a fact")} for name, terms in TERMS.items()},
}
TO_SCHEMA = {
    "anyOf": [
        {"enum": [*sorted(KINDS - {AgencyKind.police}), *(POLICE_OF + town for town in TOWN_FACTS)]},
        {"type": "string", "pattern": "^[a-z][a-z-]{1,30}$", "description": "an agency's id"},
    ]
}


class Written(BaseModel):
    """Closed, so that a misspelled word is an error and not a rule that never holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenAsk(Written):
    """`{to: ..., role: ...}`."""

    to: Annotated[str, WithJsonSchema(TO_SCHEMA)]
    role: AssignmentRole


class WrittenRule(Written):
    """One rule."""

    id: RuleId
    when: Annotated[dict[str, Any], WithJsonSchema(WHEN_SCHEMA)] = Field(default={})
    offer: tuple[WrittenAsk, ...] = ()
    clocks: tuple[ClockKind, ...] = ()
    consult: bool = False
    urgency: Urgency
    why: Annotated[str, Field(min_length=10)]


class WrittenFallback(Written):
    """Who is asked when an agency of the kind `from` does not take it."""

    id: RuleId
    from_: AgencyKind = Field(alias="from")
    to: tuple[str, ...]
    why: Annotated[str, Field(min_length=10)]


class WrittenTakeover(Written):
    """Why the coordinator takes over."""

    why: Annotated[str, Field(min_length=10)]


class WrittenTakeovers(Written):
    """The occasions on which the coordinator takes over; their names are reasons."""

    withdrawn_goes_on: WrittenTakeover
    nobody_left: WrittenTakeover


class WrittenRules(Written):
    """The whole file."""

    rules: tuple[WrittenRule, ...]
    unmatched: WrittenRule
    fallback: tuple[WrittenFallback, ...]
    takeover: WrittenTakeovers


def allowed(name: str, written: Any) -> frozenset[Any]:
    """The values a line of a `when` allows. ValueError says what to write instead."""
    if name not in TERMS:
        raise ValueError(f"{name!r} is neither a fact nor a conclusion. Choose one of: {', '.join(sorted(TERMS))}")
    terms = TERMS[name]
    values = written if isinstance(written, list) else [written]
    if terms is None:
        if not all(isinstance(value, bool) for value in values):
            raise ValueError("write true or false")
        return frozenset(values)
    # YAML reads a bare yes or no as true or false.
    words = [{True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value for value in values]
    if unknown := [str(word) for word in words if word not in terms]:
        raise ValueError(f"{', '.join(unknown)} is not a term of it. Choose from: {', '.join(terms)}")
    return frozenset(words)


def check_target(to: str, agencies: Agencies) -> None:
    """ValueError where `to` can never be anybody."""
    if to.startswith(POLICE_OF):
        if to.removeprefix(POLICE_OF) not in TOWN_FACTS:
            raise ValueError(f"{to!r}: write `police of` and one of: {', '.join(TOWN_FACTS)}")
    elif to == AgencyKind.police:
        raise ValueError("'police' would ask every department. Write `police of town_of_exploitation` or an agency's id")
    elif to in KINDS:
        if not agencies.of_kind(AgencyKind(to)):
            raise ValueError(f"agencies.yaml has no agency of kind {to}")
    elif to not in agencies.ids:
        raise ValueError(f"{to!r} is no kind and no agency of agencies.yaml. Agencies: {', '.join(agencies.ids)}")
