"""What a question is. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Answers = Mapping[str, tuple[str, ...]]
"""What was typed and chosen, by field. A question that was passed without an answer has its fields, empty."""

OPEN = "unknown"
"""The value of "I do not know"."""


class Way(StrEnum):
    """The ways through the form."""

    short = "short"
    full = "full"
    duty = "duty"
    """For those whom the law obliges to report."""


def N_(sentence: str) -> str:  # noqa: N802  # gettext's own name for it
    """Marks a sentence for translation, which happens where it is shown."""
    return sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """`translated`: false for a proper name, which is shown as it is."""

    value: str
    label: str
    hint: str = ""
    translated: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """A field to type in. `limit`: characters. `rows`: lines to show; 1 for a single one."""

    name: str
    label: str
    limit: int = 200
    rows: int = 1
    kind: str = "text"


def always(_: Answers) -> bool:
    """Asked of everyone."""
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """One page: choices, answered under the id, or fields. `asked`: whether it makes sense after the answers so far."""

    id: str
    heading: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    many: bool = False
    fields: tuple[Field, ...] = ()
    ways: frozenset[Way] = frozenset(Way)
    asked: Callable[[Answers], bool] = always
    needs_one: bool = False
    """Of its fields at least one has to be filled in."""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields it is answered in."""
        return tuple(field.name for field in self.fields) or (self.id,)

    @property
    def optional(self) -> bool:
        """Whether it may be passed: what is typed, and what may have several answers. The others have "I do not know"."""
        return self.many or bool(self.fields)


def has(name: str, *values: str) -> Callable[[Answers], bool]:
    """Whether any of these was answered to a question."""
    return lambda answers: bool(set(answers.get(name, ())) & set(values))
