"""`python -m services.reporting.exports.workbook STAMP`: figures as JSON come in, a workbook goes out.

A sheet a topic, what each measure means, and where it all comes from. Nothing in it is a formula.
"""

import io
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook

from services.reporting.exports.sheets import Sheet, sheets
from services.reporting.exports.words import HIDDEN, term

PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
DEFINED = ("name", "title", "definition", "numerator", "denominator", "unit", "by", "counted_by", "source_events", "caveat")


def workbook(content: Mapping[str, Any], stamp: datetime) -> bytes:
    """The same bytes for the same content; `stamp` is when it was made."""
    file = io.BytesIO()
    book = Workbook(file, PLAIN)
    book.set_properties({"title": "Referrals: figures", "created": stamp.replace(tzinfo=None)})
    styles = {name: book.add_format(style) for name, style in _STYLES.items()}
    _about(book.add_worksheet("About"), content, stamp, styles)
    for topic, of_topic in groupby(sorted(sheets(content), key=lambda sheet: sheet.topic), lambda sheet: sheet.topic):
        _topic(book.add_worksheet(term(topic)), of_topic, styles)
    _definitions(book.add_worksheet("Definitions"), content, styles)
    book.close()
    return file.getvalue()


_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "words": {"text_wrap": True, "valign": "top"},
    "hidden": {"italic": True, "align": "right"},
}


def _about(page: Any, content: Mapping[str, Any], stamp: datetime, styles: Mapping[str, Any]) -> None:
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 90, styles["words"])
    page.write_string(0, 0, content.get("title", "Referrals: figures"), styles["title"])
    told = {"audience": content["audience"], **content["period"], "as_of": stamp.isoformat(), **content.get("filters", {})}
    told |= {"newest_event": content["as_of"]["newest_event"]} if "as_of" in content else {}
    told |= {f"chosen_{name}": chosen for name, chosen in content.get("chosen", {}).items() if chosen}
    if "hidden_means" in content:
        told["hidden"] = content["hidden_means"]
    for line, (name, value) in enumerate(told.items(), 2):
        page.write_string(line, 0, term(name))
        page.write_string(line, 1, ", ".join(value) if isinstance(value, list) else str(value if value is not None else "open"))


def _topic(page: Any, of_topic: Iterable[Sheet], styles: Mapping[str, Any]) -> None:
    page.set_column(0, 1, 32)
    page.set_column(2, 12, 12)
    line = 0
    for sheet in of_topic:
        counted = f" ({sheet.unit}, by {sheet.counted_by})" if sheet.rows else f": {sheet.definition}"
        page.write_string(line, 0, f"{sheet.title}{counted}", styles["title"])
        for column, name in enumerate((*sheet.by, *sheet.columns)):
            page.write_string(line + 1, column, term(name), styles["head"])
        for row in sheet.rows:
            _row(page, line + 2, sheet, row, styles)
            line += 1
        line += 3


def _row(page: Any, line: int, sheet: Sheet, row: tuple[tuple[str, ...], tuple[Any, ...]], styles: Mapping[str, Any]) -> None:
    names, figures = row
    for column, name in enumerate(names):
        page.write_string(line, column, term(name))
    for column, figure in enumerate(figures, len(names)):
        if figure is not None:
            page.write_number(line, column, figure)
        elif sheet.counts:
            page.write_string(line, column, HIDDEN, styles["hidden"])


def _definitions(page: Any, content: Mapping[str, Any], styles: Mapping[str, Any]) -> None:
    page.set_column(0, 1, 28, styles["words"])
    page.set_column(2, 4, 50, styles["words"])
    page.set_column(5, 9, 24, styles["words"])
    page.freeze_panes(1, 1)
    for column, name in enumerate(DEFINED):
        page.write_string(0, column, term(name), styles["head"])
    for line, words in enumerate(content["definitions"], 1):
        for column, name in enumerate(DEFINED):
            value = words[name]
            page.write_string(line, column, ", ".join(value) if isinstance(value, list) else value)


if __name__ == "__main__":
    sys.stdout.buffer.write(workbook(json.load(sys.stdin), datetime.fromisoformat(sys.argv[1])))
