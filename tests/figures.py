"""Figures of cases that a test made, as reporting works them out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.reporting.columns import Block, Numbering, block
from services.reporting.period import Period
from services.reporting.question import Question
from services.reporting.sums import add_up
from services.reporting.tables import Figures, tables
from services.reporting.targets import load_targets

TARGETS = load_targets(Path("config"))
NEW_YORK = ZoneInfo("America/New_York")
EVERYTHING = Question(Period(None, None, NEW_YORK))


def blocks(cases: list[Any], numbering: Numbering) -> list[Block]:
    """A block for each local day of receipt, in no particular order."""
    days: dict[date, list[Any]] = defaultdict(list)
    for case in cases:
        days[case["intake"]["received"].astimezone(NEW_YORK).date()].append(case)
    return [block(day, of_day, numbering, NEW_YORK) for day, of_day in days.items()]


def figures(cases: list[Any], question: Question = EVERYTHING) -> Figures:
    """Every measure."""
    numbering = Numbering()
    sums = add_up(blocks(cases, numbering), len(numbering.cells), question.selection)
    return tables(sums, numbering.cells, question.basis, TARGETS)
