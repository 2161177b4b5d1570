"""Figures as a PDF that a screen reader can read (PDF/UA-1): tagged tables, charts with a text beside them.

Figures go in as data, never as markup.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from services.reporting.exports.charts import totals
from services.reporting.exports.sheets import Row, Sheet, sheets
from services.reporting.exports.words import figure, term

LAYOUT: Final = Path(__file__).parent / "document.typ"


def as_pdf(content: Mapping[str, Any], stamp: datetime) -> bytes:
    """The document; `stamp` is when it was made. CalledProcessError where the layout fails."""
    command = [sys.executable, "-m", "services.reporting.exports.typeset", stamp.isoformat(), str(LAYOUT)]
    done = subprocess.run(command, input=data(content, stamp).encode(), capture_output=True, check=True, timeout=60)  # noqa: S603  # our own
    return done.stdout


def data(content: Mapping[str, Any], stamp: datetime) -> str:
    """What the layout is given."""
    told = [*map(_sheet, _told(content))]
    about = [*_about(content), ("As of", f"{stamp:%Y-%m-%d %H:%M} UTC")]
    title = content.get("title", "Referrals: figures")
    return json.dumps({"title": title, "about": about, "hidden": content.get("hidden_means", ""), "sheets": told})


def _told(content: Mapping[str, Any]) -> Iterator[Sheet]:
    return (sheet for sheet in sheets(content) if sheet.asked or any(_says(figures) for _, figures in sheet.rows))


def _says(figures: tuple[Any, ...]) -> bool:
    return any(figures) or None in figures


def _about(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    period = content["period"]
    yield "Period", " ".join(filter(None, (period.get("name"), f"{period['from'] or 'start'} to {period['to'] or 'now'}")))
    yield "For", term(content["audience"])
    for name, terms in content.get("filters", {}).items():
        yield term(name), ", ".join(map(term, terms))


def _sheet(sheet: Sheet) -> dict[str, Any]:
    """Rows in which there is nothing are left out, but not those that are hidden."""
    rows = [(names, figures) for names, figures in sheet.rows if _says(figures)]
    basis = "by day of receipt" if sheet.counted_by == "receipt" else "by day on which it happened"
    return {
        "title": f"{sheet.title}, {basis}" if sheet.rows else sheet.title,
        "definition": sheet.definition,
        "unit": sheet.unit,
        "head": [term(one) for one in (*sheet.by, *sheet.columns)] if sheet.by else ["", *map(term, sheet.columns)],
        "names": max(len(sheet.by), 1),
        "rows": [[*(map(term, names) if names else ("All",)), *_shown(sheet, figures)] for names, figures in rows],
        "bars": _bars(sheet, rows),
    }


def _shown(sheet: Sheet, figures: tuple[Any, ...]) -> list[str]:
    return [figure(value, sheet.unit, column=column) for column, value in zip(sheet.columns, figures, strict=True)]


def _bars(sheet: Sheet, rows: list[Row]) -> list[tuple[str, int]]:
    """Names and totals, where they make a picture; what is hidden has no bar."""
    return [(name, total) for name, total in totals(sheet, rows) if total is not None]
