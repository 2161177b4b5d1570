"""No event has a field in which a name, an address or a story would fit."""

import types
from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from shared.contracts.channels import KINDS, type_of
from shared.events import envelope, facts
from shared.events.envelope import Event
from shared.vocabulary import Vocabulary


def pattern_of(annotated: Any) -> str:
    """The pattern of a named kind of string."""
    [field] = [one for one in get_args(annotated) if isinstance(one, FieldInfo)]
    [pattern] = [one.pattern for one in field.metadata if hasattr(one, "pattern")]
    return str(pattern)


STRINGS = {pattern_of(named) for named in (facts.AgencyId, facts.RuleId, facts.RulesVersion, envelope.Source, envelope.DataRef)}
"""The only strings that may travel: ids from config files, a digest, and two paths."""


def leaves(kind: Any, metadata: list[Any], at: str) -> Iterator[tuple[str, Any, list[Any]]]:
    """Every innermost type of a model, with its bounds and its place."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        more = [one for field in arguments[1:] for one in (field.metadata if isinstance(field, FieldInfo) else [field])]
        yield from leaves(arguments[0], [*metadata, *more], at)
    elif origin in (Union, types.UnionType, tuple):
        for one in arguments:
            if one not in (type(None), ...):
                yield from leaves(one, metadata if origin is not tuple else [], at)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield from leaves(field.annotation, list(field.metadata), f"{at}.{name}")
    else:
        yield at, kind, metadata


def holds_no_text(kind: Any, metadata: list[Any]) -> bool:
    if get_origin(kind) is Literal or kind in (UUID, AwareDatetime, bool):
        return True
    if kind in (int, float):
        return any(getattr(one, "ge", None) is not None for one in metadata)
    if kind is str:
        return any(getattr(one, "pattern", None) in STRINGS for one in metadata)
    return isinstance(kind, type) and issubclass(kind, Vocabulary)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_leaf_is_a_term_an_id_a_time_a_number_or_a_named_string(name: str) -> None:
    found = list(leaves(KINDS[name], [], type_of(KINDS[name])))
    assert len(found) > 7
    assert [f"{at}: {kind}" for at, kind, metadata in found if not holds_no_text(kind, metadata)] == []


def test_no_string_that_may_travel_is_long_or_holds_a_space() -> None:
    for pattern in STRINGS:
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert not {" ", r"\s", ".", "*", "+"} & set(pattern.replace(r"\.", ""))


class Open(Event):
    """Everything that must be found."""

    text: str
    patterned: Annotated[str, facts.Field(pattern="^.*$")]
    texts: tuple[str, ...]
    nested: dict[str, Any]
    open_number: int
    inner: Enum
    maybe: str | None = None


def test_a_field_that_could_hold_text_is_found() -> None:
    wrong = {at for at, kind, metadata in leaves(Open, [], "") if not holds_no_text(kind, metadata)}
    assert wrong == {".text", ".patterned", ".texts", ".nested", ".open_number", ".inner", ".maybe"}


def test_every_vocabulary_is_closed_and_its_terms_are_words_of_code() -> None:
    for vocabulary in Vocabulary.__subclasses__():
        assert vocabulary("unrecognized")
        assert all(term.isascii() and term == term.lower() and " " not in term for term in vocabulary.terms())
