"""What a measurement found, and what it was meant to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Goal:
    """A bound in the unit of its figure."""

    kind: Literal["at least", "at most"]
    bound: float

    def met_by(self, value: float) -> bool:
        """Whether the value keeps to it."""
        return value >= self.bound if self.kind == "at least" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.kind} {self.bound:,g}"


def at_least(bound: float) -> Goal:
    return Goal("at least", bound)


def at_most(bound: float) -> Goal:
    return Goal("at most", bound)


@dataclass(frozen=True)
class Figure:
    """One line of the table. A figure without a goal explains another one."""

    name: str
    value: float
    unit: str
    goal: Goal | None = None

    @property
    def verdict(self) -> str:
        """met, missed, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        return "met" if self.goal.met_by(self.value) else "missed"

    @property
    def shown(self) -> str:
        """The value with as many digits as it deserves."""
        digits = 0 if abs(self.value) >= 1000 else 1 if abs(self.value) >= 10 else 2
        return f"{self.value:,.{digits}f}"

    @property
    def row(self) -> list[str]:
        """As a line of a table."""
        return [self.name, self.shown, self.unit, str(self.goal or ""), self.verdict]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "goal": str(self.goal or ""), "verdict": self.verdict}
