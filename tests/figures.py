"""Figures of cases that a test made, as reporting works them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.reporting.index.index import Index
from services.reporting.index.memberships import memberships
from services.reporting.index.sums import add_up
from services.reporting.measures.targets import load_targets
from services.reporting.reports.period import Period
from services.reporting.reports.question import Question
from services.reporting.reports.tables import Figures, tables

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
