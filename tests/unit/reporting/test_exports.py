"""Exports say what the figures say, the same each time, and hold nothing that a spreadsheet would carry out."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
import typst

from services.reporting.csv_export import as_csv, harmless
from services.reporting.exports import FORMATS
from services.reporting.measures import BY_NAME
from services.reporting.pdf_export import LAYOUT, as_pdf, data
from services.reporting.period import Period
from services.reporting.question import Question
from services.reporting.report import describe_measures
from services.reporting.xlsx_export import as_xlsx
from tests.figures import NEW_YORK, figures
from tests.histories import lives
from tests.unit.reporting.test_projections import folded

STAMP = datetime(2026, 11, 1, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    """A year's figures, one of them hidden."""
    cases = [folded(one.intake + one.activity + one.delivered) for one in lives(3, 60)]
    period = Period(date(2026, 1, 1), date(2026, 12, 31), NEW_YORK)
    found = figures(cases, Question(period))
    found["received_by_reporter"][0]["sex"] = None
    head = {
        "audience": "public",
        "period": {"name": "CY2026", **period.describe()},
        "hidden_means": "Small figures are hidden.",
    }
    return head | {"figures": {"receipt": found}, "definitions": describe_measures(BY_NAME)}


@pytest.mark.parametrize("ending", list(FORMATS))
def test_the_same_content_is_the_same_bytes(content: dict[str, Any], ending: str) -> None:
    assert FORMATS[ending].make(content, STAMP) == FORMATS[ending].make(json.loads(json.dumps(content)), STAMP)


def test_csv_has_a_line_for_every_figure_and_a_word_for_a_hidden_one(content: dict[str, Any]) -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(content).decode())))
    told = {(line["measure"], line["row"], line["column"]): line["figure"] for line in lines}
    assert len(told) == len(lines)
    for row in content["figures"]["receipt"]["received_by_reporter"]:
        shown = "hidden" if row["sex"] is None else str(row["sex"])
        assert told["received_by_reporter", f"reporter={row['reporter']}", "sex"] == shown


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_the_csv_begins_as_a_formula_does(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_the_workbook_has_a_sheet_a_topic_definitions_and_no_formula(content: dict[str, Any]) -> None:
    content = content | {"audience": "=1+1"}
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(content, STAMP)))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert names[0] == "About"
    assert names[-1] == "Definitions"
    assert {"Funnel", "Justice", "Thriving", "Timeliness"} <= set(names)
    sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in sheet for sheet in sheets)
    words = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    told = {"".join(one.itertext()) for one in words}
    assert {"=1+1", "hidden", BY_NAME["thriving"].definition} <= told


def test_the_document_is_tagged_for_a_screen_reader_and_names_its_language(content: dict[str, Any]) -> None:
    document = as_pdf(content, STAMP)
    assert document.startswith(b"%PDF-")
    assert b"pdfuaid:part" in document
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang"):
        assert mark in document


def test_the_document_has_its_pages_as_pictures_to_look_at(content: dict[str, Any]) -> None:
    pages: Any = typst.compile(LAYOUT, sys_inputs={"data": data(content)}, ignore_system_fonts=True, format="png", ppi=40)
    assert len(pages) > 3
    assert all(bytes(page).startswith(b"\x89PNG") for page in pages)
