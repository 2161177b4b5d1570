"""The pages about routing say what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.routing.life.diagram import diagrams
from services.routing.rules.derived import MEANING
from shared.vocabulary import AssignmentRole, ClockKind, Rejection
from tests.unit.routing import hard_cases

ROOT = Path(__file__).parents[3]
LIFE = (ROOT / "docs/life-of-a-referral.md").read_text()
RULES = (ROOT / "docs/routing-rules.md").read_text()


@pytest.mark.parametrize("heading", diagrams())
def test_the_diagrams_are_the_tables(heading: str) -> None:
    assert f"## {heading}\n```mermaid\n{diagrams()[heading]}\n```" in LIFE


def test_every_conclusion_is_described_as_the_code_does() -> None:
    for name, meaning in MEANING.items():
        assert f"| `{name}` | {meaning} |" in RULES


@pytest.mark.parametrize("term", [*ClockKind.terms(), *Rejection.terms()])
def test_every_clock_and_every_reason_of_a_rejection_is_described(term: str) -> None:
    assert f"`{term}`" in LIFE


@pytest.mark.parametrize("role", AssignmentRole.terms())
def test_every_role_is_named(role: str) -> None:
    assert f"`{role}`" in RULES


def test_the_page_of_hard_cases_says_what_the_rules_decide() -> None:
    assert hard_cases.PAGE.read_text() == hard_cases.page(), "run: python -m tests.unit.routing.hard_cases"
