"""A part of a case, and what changes it. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.events.envelope import Event

Part = Mapping[str, Any]
Change = Callable[[Part, Any], Part]
EMPTY: Final[Part] = {}


def unchanged(part: Part, _: Event) -> Part:
    """Nothing that a figure asks for."""
    return part


def with_one(values: list[str], value: str) -> list[str]:
    """The values with this one, which is there once."""
    return values if value in values else [*values, value]


def one_more(counts: Part, key: str) -> Part:
    """The counts with one more of this."""
    return {**counts, key: counts.get(key, 0) + 1}
