"""Whether a change of an event's schema is additive. Anything else needs a new version of the event.

Additive is: a new optional field, a new term in a vocabulary, new words in descriptions. A reader of yesterday bears both, and
everything that was ever written still fits. What is not known to be additive counts as breaking.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_WORDS = {"$schema", "$id", "$comment", "$defs", "title", "description", "examples", "deprecated"}
_COMPARED_APART = {"$ref", "enum", "properties", "required", "additionalProperties", "items"}


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """What in `new` breaks a reader or a record of `old`, one sentence each; empty where the change is additive."""
    return list(_Comparison(old, new).nodes(old, new, "", frozenset()))


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new

    def nodes(self, old: Any, new: Any, at: str, seen: frozenset[tuple[str, str]]) -> Iterator[str]:
        if not isinstance(old, dict) or not isinstance(new, dict):
            if old != new:
                yield f"{at or 'the event'}: changed"
            return
        step = (old.get("$ref", ""), new.get("$ref", ""))
        if step in seen:
            return
        seen = seen | {step} if all(step) else seen
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from _keywords(old, new, at)
        yield from _terms(old.get("enum"), new.get("enum"), at)
        yield from _required(old, new, at)
        yield from _closed(old.get("additionalProperties", True), new.get("additionalProperties", True), at)
        yield from self._fields(old.get("properties", {}), new.get("properties", {}), at, seen)
        if "items" in old or "items" in new:
            yield from self.nodes(old.get("items", True), new.get("items", True), f"{at}[]", seen)

    def _fields(self, old: Schema, new: Schema, at: str, seen: frozenset[tuple[str, str]]) -> Iterator[str]:
        for name, field in old.items():
            place = f"{at}.{name}".lstrip(".")
            if name in new:
                yield from self.nodes(field, new[name], place, seen)
            else:
                yield f"{place}: removed or renamed"


def _resolved(node: Schema, document: Schema) -> Schema:
    """The node with its `$ref` (into the same document) replaced by what it points to."""
    while "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    return node


def _keywords(old: Schema, new: Schema, at: str) -> Iterator[str]:
    """Type, pattern, bounds, default and every keyword we do not know the meaning of: none may change."""
    for key in sorted((old.keys() | new.keys()) - _WORDS - _COMPARED_APART):
        if old.get(key) != new.get(key):
            yield f"{at or 'the event'}: {key} changed"


def _terms(old: list[Any] | None, new: list[Any] | None, at: str) -> Iterator[str]:
    if old is None or new is None:
        if old != new:
            yield f"{at}: {'became' if old is None else 'is no longer'} a closed set"
        return
    for term in old:
        if term not in new:
            yield f"{at}: term {term!r} removed"
    for term in new:
        if term not in old and not isinstance(term, str):
            yield f"{at}: {term!r} added, and only a vocabulary may grow"


def _required(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(after - before):
        yield f"{at}.{name}: newly required".lstrip(".")
    for name in sorted((before - after) & new.get("properties", {}).keys()):
        yield f"{at}.{name}: no longer required, and readers of today insist on it".lstrip(".")


def _closed(old: Any, new: Any, at: str) -> Iterator[str]:
    if new != old and new is not True:
        yield f"{at or 'the event'}: additionalProperties narrowed"
