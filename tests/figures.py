"""Figures of cases that a test made, as reporting works them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.reporting.index import Index
from services.reporting.memberships import memberships
from services.reporting.period import Period
from services.reporting.question import Question
from services.reporting.sums import add_up
from services.reporting.tables import Figures, tables
from services.reporting.targets import load_targets

TARGETS = load_targets(Path("config"))
NEW_YORK = ZoneInfo("America/New_York")
EVERYTHING = Question(Period(None, None, NEW_YORK))


def indexed(cases: list[Any]) -> Index:
    """All of them, numbered in the order given."""
    index = Index()
    index.put({number: memberships(case, NEW_YORK) for number, case in enumerate(cases)})
    return index


def figures(cases: list[Any], question: Question = EVERYTHING) -> Figures:
    """Every measure."""
    return tables(add_up(indexed(cases), question.selection), question.basis, TARGETS)
