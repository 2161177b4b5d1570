"""Figures as CSV (RFC 4180): one line a figure, so that any program can turn it as it likes. Pure."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from services.reporting.sheets import sheets
from services.reporting.words import HIDDEN

HEAD = ("period", "audience", "counted_by", "measure", "row", "column", "figure", "unit")


def as_csv(content: Mapping[str, Any]) -> bytes:
    """UTF-8. `row` is like `agency=cca; step=offered`; a hidden figure is the word hidden, a time of nothing is empty."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    period = content["period"].get("name") or "/".join(str(content["period"][one] or "") for one in ("from", "to"))
    for sheet in sheets(content):
        for name, figures in sheet.rows:
            row = "; ".join(f"{by}={term}" for by, term in zip(sheet.by, name, strict=True))
            for column, figure in zip(sheet.columns, figures, strict=True):
                told = (HIDDEN if sheet.total is not None else "") if figure is None else figure
                line = (period, content["audience"], sheet.counted_by, sheet.name, row, column, told, sheet.unit)
                writer.writerow([harmless(cell) for cell in line])
    return file.getvalue().encode()


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
