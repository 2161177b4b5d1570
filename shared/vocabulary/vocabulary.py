"""What every vocabulary is: a closed set of terms, and one member for readers of what newer writers say."""

from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Self

UNRECOGNIZED = "unrecognized"
newer_terms: ContextVar[bool] = ContextVar("newer_terms", default=False)
"""While it is true, an unknown term becomes `unrecognized`; else it is refused. Set by the codec alone."""


class Vocabulary(StrEnum):
    """A closed set of terms. Each subclass also has the member `unrecognized`, for readers only."""

    # Enum hashes by name: slowly, and not as the string it equals where the two differ (`self_`), which breaks sets.
    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls(UNRECOGNIZED) if newer_terms.get() and isinstance(value, str) else None

    @classmethod
    def terms(cls) -> list[str]:
        """The terms a writer may use, in the order of the standard."""
        return [member.value for member in cls if member.value != UNRECOGNIZED]

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "enum": cls.terms(), "title": cls.__name__, "description": cls.__doc__}
