"""The tables of `assignments` as Mermaid diagrams, for docs/life-of-a-referral.md."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from services.routing.life.assignments import ASSIGNMENT, REFERRAL
from shared.vocabulary import AssignmentStatus, ReferralStatus

Status = TypeVar("Status", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


def mermaid(table: Mapping[Status, Mapping[Step, Status]], first: Status) -> str:
    """One state diagram, a line a transition; several steps between the same two states share a line."""
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    for status, steps in table.items():
        for after in dict.fromkeys(steps.values()):
            names = ", ".join(step.value for step, to in steps.items() if to is after)
            lines.append(f"    {status} --> {after}: {names}")
    return "\n".join(lines)


def diagrams() -> dict[str, str]:
    """Both, by the heading they stand under."""
    return {
        "An assignment": mermaid(ASSIGNMENT, AssignmentStatus.offered),
        "A referral": mermaid(REFERRAL, ReferralStatus.received),
    }
