"""The formats that figures can be had in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.reporting.exports.csv_export import as_csv
from services.reporting.exports.json_export import canonical
from services.reporting.exports.pdf_export import as_pdf
from services.reporting.exports.svg_export import as_svg
from services.reporting.exports.xlsx_export import as_xlsx


@dataclass(frozen=True)
class Export:
    """`make` gets the content and the time that it is of: the same both times, the same bytes."""

    media_type: str
    make: Callable[[Mapping[str, Any], datetime], bytes]


FORMATS: Final[Mapping[str, Export]] = {
    "json": Export("application/json", lambda content, _: canonical(content)),
    "csv": Export("text/csv; charset=utf-8", as_csv),
    "xlsx": Export("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "pdf": Export("application/pdf", as_pdf),
    "svg": Export("image/svg+xml", as_svg),
}
"""By the ending of the address."""
