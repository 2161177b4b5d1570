"""Records as lines of a file: CSV (RFC 4180) or JSON lines. Pure."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.exports.csv_export import harmless
from services.reporting.extract.mapping import RECORD, SEPARATOR, Field

Record = Mapping[str, str]
"""Every value by the name of its field, the pseudonym among them."""


@dataclass(frozen=True)
class Format:
    """`head`: what comes before all records; `line`: one of them."""

    media_type: str
    head: Callable[[Sequence[Field]], str]
    line: Callable[[Sequence[Field], Record], str]


def _row(values: Sequence[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerow([harmless(value) for value in values])
    return file.getvalue()


def _csv(fields: Sequence[Field], record: Record) -> str:
    return _row([record[RECORD], *(record[one.name] for one in fields)])


def _json(fields: Sequence[Field], record: Record) -> str:
    """A field that may hold several values is a list."""
    told = {one.name: _several(record[one.name]) if one.several else record[one.name] for one in fields}
    return json.dumps({RECORD: record[RECORD], **told}, ensure_ascii=False) + "\n"


def _several(value: str) -> list[str]:
    return value.split(SEPARATOR) if value else []


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("text/csv; charset=utf-8", lambda fields: _row([RECORD, *(one.name for one in fields)]), _csv),
    "jsonl": Format("application/jsonl", lambda _: "", _json),
}
"""By the ending of the address."""
