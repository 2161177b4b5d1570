"""What is said of the figures is what is worked out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.reporting.measures import MEASURES
from services.reporting.measures.dictionary import measures_table
from services.reporting.measures.targets import load_targets


def test_the_table_in_the_documentation_is_made_from_the_measures() -> None:
    page = Path("docs/reporting.md").read_text()
    table = page.split("<!-- measures -->\n")[1].split("\n<!-- /measures -->")[0]
    assert table == measures_table(), "run `python -m services.reporting measures` and put its output into docs/reporting.md"


def test_the_table_has_a_row_for_every_measure_and_no_cell_is_torn_apart() -> None:
    head, line, *rows = measures_table().splitlines()
    assert len(rows) == len(MEASURES)
    assert {row.count("|") for row in (head, line, *rows)} == {10}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("received_to_lunch: {high: PT1H}", "no such measure: received_to_lunch"),
        ("notice_time: {hgih: PT1H}", "notice_time.hgih"),
        ("notice_time: {high: soon}", "notice_time.high"),
        ("notice_time: {high: PT0S}", "longer than nothing"),
    ],
)
def test_a_mistake_in_the_targets_is_named(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "targets.yaml").write_text(content)
    with pytest.raises(ValidationError, match=complaint):
        load_targets(tmp_path)


def test_a_measure_without_a_target_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "targets.yaml").write_text("notice_time: {}")
    assert load_targets(tmp_path) == {"notice_time": {}}
