"""Exports say what the figures say, the same each time, and hold nothing that a spreadsheet would carry out."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typst

from services.reporting.exports.csv_export import as_csv, harmless
from services.reporting.exports.formats import FORMATS
from services.reporting.exports.pdf_export import LAYOUT, as_pdf, data
from services.reporting.exports.svg_export import as_svg
from services.reporting.exports.words import figure, term
from services.reporting.exports.xlsx_export import as_xlsx
from services.reporting.index.sums import Basis
from services.reporting.measures import BY_NAME, describe_measures
from services.reporting.reports.cut import COLUMNS, Cut, taken
from services.reporting.reports.period import Period
from services.reporting.reports.question import Question, Unclear
from services.reporting.reports.reports_file import load_reports
from tests.figures import EVERYTHING, NEW_YORK, figures
from tests.histories import lives
from tests.unit.reporting.cases.test_projections import folded

SVG = "{http://www.w3.org/2000/svg}"
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


@pytest.fixture(scope="module")
def answered(content: dict[str, Any]) -> dict[str, Any]:
    """The state's report of the same year."""
    by_basis = dict.fromkeys(Basis, content["figures"]["receipt"])
    return content | load_reports(Path("config"))["state-annual"].answer(by_basis)


@pytest.mark.parametrize("ending", list(FORMATS))
def test_the_same_content_is_the_same_bytes(content: dict[str, Any], ending: str) -> None:
    assert FORMATS[ending].make(content, STAMP) == FORMATS[ending].make(json.loads(json.dumps(content)), STAMP)


def test_csv_has_a_line_for_every_figure_and_a_word_for_a_hidden_one(content: dict[str, Any]) -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(content, STAMP).decode())))
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
    told = {"data": data(content, STAMP)}
    pages: Any = typst.compile(LAYOUT, sys_inputs=told, ignore_system_fonts=True, format="png", ppi=40)
    assert len(pages) > 3
    assert all(bytes(page).startswith(b"\x89PNG") for page in pages)


def test_the_charts_are_one_picture_that_says_in_words_what_it_shows_and_gives_what_is_hidden_no_bar(
    content: dict[str, Any],
) -> None:
    rows = [*content["figures"]["receipt"]["received_by_gender"]]
    rows[0] = rows[0] | {"total": None}
    content = content | {"figures": {"receipt": {"received_by_gender": rows}}}
    picture = ElementTree.fromstring(as_svg(content | {"title": "a < b & c"}, STAMP))
    assert [one.text for one in picture.iter(f"{SVG}title")] == ["a < b & c"]
    said = next(iter(picture.iter(f"{SVG}desc"))).text or ""
    title = BY_NAME["received_by_gender"].title
    assert all(f"{term(row['gender'])} {figure(row['total'])}" in said.partition(title)[2] for row in rows if any(row.values()))
    heads = [one.text for one in picture.iter(f"{SVG}text") if one.get("class") == "head"]
    assert heads == ["a < b & c", title]
    (drawn,) = picture.iter(f"{SVG}g")
    assert len([*drawn.iter(f"{SVG}rect")]) == len(rows) - 1
    assert [one.text for one in drawn.iter(f"{SVG}text")].count("hidden") == 1


def test_a_report_with_a_name_is_a_file_with_its_lines_in_order_and_says_what_is_missing(
    answered: dict[str, Any],
) -> None:
    asks = [line["asks"] for line in answered["lines"]]
    lines = list(csv.DictReader(io.StringIO(as_csv(answered, STAMP).decode())))
    assert list(dict.fromkeys(line["title"] for line in lines)) == asks
    (missing,) = [line for line in lines if not line["measure"]]
    assert missing["row"] == answered["lines"][asks.index(missing["title"])]["missing"]
    assert {line["as_of"] for line in lines} == {STAMP.isoformat()}
    told = json.loads(data(answered, STAMP))
    assert [sheet["title"].split(", by day")[0] for sheet in told["sheets"]] == asks
    assert told["title"] == answered["title"]
    assert b"pdfuaid:part" in as_pdf(answered, STAMP)
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(answered, STAMP)))
    assert re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode()) == ["About", "Report", "Definitions"]


@pytest.mark.parametrize("ending", list(FORMATS))
def test_what_is_chosen_is_taken_along_and_nothing_else(content: dict[str, Any], ending: str) -> None:
    cut = Cut(frozenset({"received_by_reporter", "answer_time"}), frozenset({"labor", "median"}))
    chosen = cut.of(content)
    figures = chosen["figures"]["receipt"]
    assert list(figures) == ["received_by_reporter", "answer_time"]
    assert set(figures["received_by_reporter"][0]) == {"reporter", "labor"}
    assert set(figures["answer_time"][0]) == {"agency", "median"}
    assert [one["name"] for one in chosen["definitions"]] == ["received_by_reporter", "answer_time"]
    assert FORMATS[ending].make(chosen, STAMP) != FORMATS[ending].make(content, STAMP)


def test_a_hidden_figure_stays_hidden_where_its_column_alone_is_chosen(content: dict[str, Any]) -> None:
    cut = Cut(frozenset({"received_by_reporter", "answer_time"}), frozenset({"sex", "median"}))
    lines = list(csv.DictReader(io.StringIO(as_csv(cut.of(content), STAMP).decode())))
    assert {line["column"] for line in lines} == {"sex", "median"}
    assert lines[0]["figure"] == "hidden"
    assert all(line["figure"] != "hidden" for line in lines if line["measure"] == "answer_time")


def test_an_address_chooses_measures_and_columns_and_asks_its_question_beside(content: dict[str, Any]) -> None:
    cut, rest = taken([("measure", "received"), ("column", "sex"), ("column", "total"), ("town", "hartford"), ("column", "")])
    assert cut == Cut(frozenset({"received"}), frozenset({"sex", "total"}))
    assert rest == [("town", "hartford")]
    assert Cut().of(content) is content
    for pair in (("measure", "lunch"), ("column", "reporter"), ("column", "Total")):
        with pytest.raises(Unclear) as unclear:
            taken([pair])
        ((name, fix),) = unclear.value.fixes
        assert name == pair[0]
        assert pair[1] not in fix.removeprefix("give one of ").split(", ")


def test_every_column_of_every_measure_can_be_chosen(content: dict[str, Any]) -> None:
    shown = {
        column
        for rows in (content["figures"]["receipt"], figures_by_event())
        for name, found in rows.items()
        for row in found
        for column in set(row) - set(BY_NAME[name].by)
    }
    assert shown == set(COLUMNS)


def figures_by_event() -> dict[str, Any]:
    return figures([folded(one.intake + one.activity) for one in lives(3, 5)], Question(EVERYTHING.period, Basis.event))
