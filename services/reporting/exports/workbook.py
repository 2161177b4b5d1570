"""`python -m services.reporting.exports.workbook STAMP`: sheets as JSON come in (`xlsx_export`), a workbook goes out.

Loads nothing of ours, so that it starts at once. Nothing in it is a formula.
"""

import io
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from xlsxwriter import Workbook

PLAIN: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "words": {"text_wrap": True, "valign": "top"},
    "hidden": {"italic": True, "align": "right"},
}


def workbook(sheets: list[Mapping[str, Any]], stamp: datetime) -> bytes:
    """The same bytes for the same sheets; `stamp` is when it was made."""
    file = io.BytesIO()
    book = Workbook(file, PLAIN)
    book.set_properties({"title": "Referrals: figures", "created": stamp.replace(tzinfo=None)})
    styles = {name: book.add_format(dict(style)) for name, style in STYLES.items()}
    for sheet in sheets:
        _sheet(book.add_worksheet(sheet["name"]), sheet, styles)
    book.close()
    return file.getvalue()


def _sheet(page: Any, sheet: Mapping[str, Any], styles: Mapping[str, Any]) -> None:
    for first, last, width, style in sheet["widths"]:
        page.set_column(first, last, width, styles.get(style))
    if sheet["frozen"]:
        page.freeze_panes(1, 1)
    for number, line in enumerate(sheet["lines"]):
        for column, (cell, style) in enumerate(line):
            if isinstance(cell, str):
                page.write_string(number, column, cell, styles.get(style))
            elif cell is not None:
                page.write_number(number, column, cell)


if __name__ == "__main__":
    sys.stdout.buffer.write(workbook(json.load(sys.stdin), datetime.fromisoformat(sys.argv[1])))
