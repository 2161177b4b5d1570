"""Figures as CSV (RFC 4180): one line a figure, so that any program can turn it as it likes. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.reporting.exports.sheets import Sheet, sheets
from services.reporting.exports.words import HIDDEN

HEAD = ("period", "audience", "as_of", "counted_by", "title", "measure", "row", "column", "figure", "unit")


def as_csv(content: Mapping[str, Any], stamp: datetime) -> bytes:
    """UTF-8. `row` is like `agency=cca; step=offered`; a hidden figure is the word hidden, a time of nothing is empty.

    A line of a report that no figure answers says why in `row`.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    period = content["period"].get("name") or "/".join(str(content["period"][one] or "") for one in ("from", "to"))
    about = (period, content["audience"], stamp.isoformat())
    for sheet in sheets(content):
        for line in _lines(sheet):
            writer.writerow([harmless(cell) for cell in (*about, sheet.counted_by, sheet.title, sheet.name, *line, sheet.unit)])
    return file.getvalue().encode()


def _lines(sheet: Sheet) -> Iterator[tuple[str, str, Any]]:
    """Row, column and figure of each."""
    if not sheet.rows:
        yield sheet.definition, "", ""
    for name, figures in sheet.rows:
        row = "; ".join(f"{by}={term}" for by, term in zip(sheet.by, name, strict=True))
        for column, figure in zip(sheet.columns, figures, strict=True):
            yield row, column, (HIDDEN if sheet.counts else "") if figure is None else figure


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
