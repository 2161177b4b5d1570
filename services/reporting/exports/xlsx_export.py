"""Figures as a workbook: a sheet a topic, what each measure means, and where it all comes from.

What stands in which cell is said here; the workbook is made of it in a process of its own (`workbook`), as the library keeps
12 MB.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from services.reporting.exports.sheets import Sheet, sheets
from services.reporting.exports.words import HIDDEN, term

DEFINED: Final = (
    "name",
    "title",
    "definition",
    "numerator",
    "denominator",
    "unit",
    "by",
    "counted_by",
    "source_events",
    "caveat",
)
Cell = tuple[str | int | float | None, str]
"""What stands in it, and its style."""
Line = list[Cell]
NOTHING: Final[Line] = []


def as_xlsx(content: Mapping[str, Any], stamp: datetime) -> bytes:
    """The same bytes for the same content; `stamp` is when it was made. CalledProcessError where it cannot be made."""
    command = [sys.executable, "-m", "services.reporting.exports.workbook", stamp.isoformat()]
    told = json.dumps([*pages(content, stamp)]).encode()
    return subprocess.run(command, input=told, capture_output=True, check=True, timeout=60).stdout  # noqa: S603  # our own


def pages(content: Mapping[str, Any], stamp: datetime) -> Iterator[dict[str, Any]]:
    """The sheets: names, widths of columns, whether the head stays in sight, and lines of cells."""
    yield _page("About", [*_about(content, stamp)], [(0, 0, 22, ""), (1, 1, 90, "words")])
    for topic, of_topic in groupby(sorted(sheets(content), key=lambda sheet: sheet.topic), lambda sheet: sheet.topic):
        lines = [line for sheet in of_topic for line in _topic(sheet)]
        yield _page(term(topic), lines, [(0, 1, 32, ""), (2, 12, 12, "")])
    widths = [(0, 1, 28, "words"), (2, 4, 50, "words"), (5, 9, 24, "words")]
    yield _page("Definitions", [*_definitions(content)], widths, frozen=True)


def _page(name: str, lines: list[Line], widths: list[tuple[int, int, int, str]], *, frozen: bool = False) -> dict[str, Any]:
    return {"name": name, "widths": widths, "frozen": frozen, "lines": lines}


def _about(content: Mapping[str, Any], stamp: datetime) -> Iterator[Line]:
    yield [(content.get("title", "Referrals: figures"), "title")]
    yield NOTHING
    told = {"audience": content["audience"], **content["period"], "as_of": stamp.isoformat(), **content.get("filters", {})}
    told |= {"newest_event": content["as_of"]["newest_event"]} if "as_of" in content else {}
    told |= {f"chosen_{name}": chosen for name, chosen in content.get("chosen", {}).items() if chosen}
    told |= {"hidden": content["hidden_means"]} if "hidden_means" in content else {}
    for name, value in told.items():
        said = ", ".join(value) if isinstance(value, list) else str(value if value is not None else "open")
        yield [(term(name), ""), (said, "")]


def _topic(sheet: Sheet) -> Iterator[Line]:
    counted = f" ({sheet.unit}, by {sheet.counted_by})" if sheet.rows else f": {sheet.definition}"
    yield [(f"{sheet.title}{counted}", "title")]
    yield [(term(name), "head") for name in (*sheet.by, *sheet.columns)]
    for names, figures in sheet.rows:
        yield [*((term(name), "") for name in names), *(_figure(sheet, figure) for figure in figures)]
    yield NOTHING


def _figure(sheet: Sheet, figure: Any) -> Cell:
    """A time of nothing is an empty cell."""
    return (HIDDEN, "hidden") if figure is None and sheet.counts else (figure, "")


def _definitions(content: Mapping[str, Any]) -> Iterator[Line]:
    yield [(term(name), "head") for name in DEFINED]
    for words in content["definitions"]:
        told = (words[name] for name in DEFINED)
        yield [(", ".join(value) if isinstance(value, list) else value, "") for value in told]
