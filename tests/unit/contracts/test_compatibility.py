"""What counts as an additive change of an event, and what needs a new version."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shared.contracts.channels import KINDS
from shared.contracts.compatibility import incompatibilities
from shared.contracts.schema import wire_schema

Schema = dict[str, Any]
OFFER: Schema = {
    "type": "object",
    "required": ["agency", "role"],
    "additionalProperties": False,
    "properties": {
        "agency": {"type": "string", "pattern": "^[a-z]+$"},
        "role": {"$ref": "#/$defs/Role"},
        "towns": {"type": "array", "items": {"$ref": "#/$defs/Town"}, "default": []},
        "attempts": {"type": "integer", "minimum": 1},
        "day": {"enum": [30, 90], "type": "integer"},
        "kind": {"const": "offer", "type": "string"},
    },
    "$defs": {
        "Role": {"type": "string", "enum": ["lead", "support"], "title": "Role"},
        "Town": {"type": "string", "enum": ["hartford", "windsor"]},
    },
}
EVENTS = {name: wire_schema(kind) for name, kind in KINDS.items()}


def changed(path: str, value: Any, schema: Schema = OFFER) -> Schema:
    """The schema with one place set, or removed where the value is ... ."""
    new = copy.deepcopy(schema)
    *steps, last = path.split("/")
    place = new
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return new


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties/note_kind", {"type": "string", "enum": ["a"]}),
        ("$defs/Role/enum", ["lead", "support", "advocate"]),
        ("$defs/Role/enum", ["advocate", "support", "lead"]),
        ("$defs/Town/description", "A town."),
        ("$defs/Role/title", "Part"),
        ("$defs/Unused", {"type": "string"}),
        ("properties/role", {"type": "string", "enum": ["lead", "support"]}),
        ("additionalProperties", ...),
    ],
)
def test_an_additive_change_breaks_nothing(path: str, value: Any) -> None:
    assert incompatibilities(OFFER, changed(path, value)) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("properties/agency", ..., "agency: removed or renamed"),
        ("required", ["agency", "role", "towns"], "towns: newly required"),
        ("required", ["agency"], "role: no longer required, and readers of today insist on it"),
        ("properties/agency/type", "integer", "agency: type changed"),
        ("properties/agency/type", ["string", "null"], "agency: type changed"),
        ("properties/agency/pattern", "^[a-z0-9]+$", "agency: pattern changed"),
        ("properties/agency/pattern", ..., "agency: pattern changed"),
        ("properties/agency/maxLength", 10, "agency: maxLength changed"),
        ("properties/agency/format", "uuid", "agency: format changed"),
        ("$defs/Role/enum", ["lead"], "role: term 'support' removed"),
        ("$defs/Town/enum", ["hartford"], "towns[]: term 'windsor' removed"),
        ("$defs/Town/enum", ..., "towns[]: is no longer a closed set"),
        ("properties/agency/enum", ["dcf"], "agency: became a closed set"),
        ("properties/day/enum", [30, 90, 180], "day: 180 added, and only a vocabulary may grow"),
        ("properties/kind/const", "bid", "kind: const changed"),
        ("properties/towns/default", ["windsor"], "towns: default changed"),
        ("properties/towns/items", ..., "towns[]: changed"),
        ("properties/towns/maxItems", 5, "towns: maxItems changed"),
        ("properties/attempts/minimum", 0, "attempts: minimum changed"),
        ("properties/attempts/someFutureKeyword", 1, "attempts: someFutureKeyword changed"),
        ("type", "array", "the event: type changed"),
    ],
)
def test_any_other_change_is_named(path: str, value: Any, said: str) -> None:
    assert incompatibilities(OFFER, changed(path, value)) == [said]


def test_closing_an_open_event_is_breaking() -> None:
    opened = changed("additionalProperties", ...)
    assert incompatibilities(opened, OFFER) == ["the event: additionalProperties narrowed"]


def test_a_schema_that_contains_itself_is_compared_to_its_end() -> None:
    tree = {"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}}}}}
    assert incompatibilities(tree, copy.deepcopy(tree)) == []
    assert incompatibilities(tree, changed("$defs/N/type", "array", tree)) == ["the event: type changed"]


def objects(schema: Any) -> Iterator[Schema]:
    """Every part of a schema that has fields."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_is_compatible_with_itself(name: str) -> None:
    assert incompatibilities(EVENTS[name], copy.deepcopy(EVENTS[name])) == []


@given(st.sampled_from(sorted(EVENTS)), st.data())
def test_losing_or_renaming_any_field_of_any_event_is_breaking(name: str, data: st.DataObject) -> None:
    new = copy.deepcopy(EVENTS[name])
    part = data.draw(st.sampled_from([part for part in objects(new) if part["properties"]]))
    field = data.draw(st.sampled_from(sorted(part["properties"])))
    lost = part["properties"].pop(field)
    if data.draw(st.booleans()):
        part["properties"][field + "_renamed"] = lost
    assert any(f"{field}: removed or renamed" in said for said in incompatibilities(EVENTS[name], new))


@given(st.sampled_from(sorted(EVENTS)), st.data())
def test_a_field_added_to_any_event_is_additive_only_while_it_is_optional(name: str, data: st.DataObject) -> None:
    new = copy.deepcopy(EVENTS[name])
    part = data.draw(st.sampled_from(list(objects(new))))
    part["properties"]["quite_new"] = {"type": "boolean", "default": False}
    assert incompatibilities(EVENTS[name], new) == []
    part.setdefault("required", []).append("quite_new")
    assert all(said.endswith("quite_new: newly required") for said in incompatibilities(EVENTS[name], new))
    assert incompatibilities(EVENTS[name], new) != []


VALUES = st.fixed_dictionaries(
    {"agency": st.sampled_from(["dcf", "DCF", 1]), "role": st.sampled_from(["lead", "support", "x"])},
    optional={
        "towns": st.lists(st.sampled_from(["hartford", "windsor", "x"]), max_size=2),
        "attempts": st.integers(-1, 3),
        "day": st.sampled_from([30, 90, 180]),
        "kind": st.sampled_from(["offer", "bid"]),
        "added": st.sampled_from([True, "x"]),
    },
)
CHANGES = st.sampled_from(
    [
        ("properties/added", {"type": "boolean"}),
        ("properties/attempts/minimum", 2),
        ("properties/agency/pattern", "^[A-Z]+$"),
        ("$defs/Role/enum", ["lead", "support", "x"]),
        ("$defs/Town/enum", ["hartford"]),
        ("required", ["agency", "role", "attempts"]),
        ("properties/towns/maxItems", 1),
        ("properties/day", True),
        ("additionalProperties", True),
    ]
)


@given(CHANGES, VALUES)
def test_what_is_called_additive_never_refuses_a_record_of_before(change: tuple[str, Any], value: Any) -> None:
    new = changed(*change)
    fitted = Draft202012Validator(OFFER).is_valid(value)
    fits = Draft202012Validator(new).is_valid(value)
    assert not fitted or fits or incompatibilities(OFFER, new)
