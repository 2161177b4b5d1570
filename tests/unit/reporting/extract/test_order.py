"""Who may take what: what was agreed with the partner, and nothing else. And how records become lines."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.reporting.extract.lines import FORMATS
from services.reporting.extract.mapping import RECORD
from services.reporting.extract.mapping_file import load_fields
from services.reporting.extract.order import Desk
from services.reporting.extract.partners import Partner, load_partners
from services.reporting.extract.pseudonym import Seal
from services.reporting.reports.question import Unclear
from tests.figures import NEW_YORK

FIELDS = load_fields(Path("config"))
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
DESK = Desk(FIELDS, NEW_YORK, lambda: NOW)
PARTNER: dict[str, Any] = {
    "id": "university",
    "name": "A university",
    "subjects": ["system-1"],
    "every": "calendar_quarter",
    "k": 5,
    "purposes": ["research", "evaluation"],
    "fields": ["prs_Gender", "cas_Status"],
}


def partner(**other: Any) -> Partner:
    return Partner.model_validate(PARTNER | other)


def refused(name: str, *pairs: tuple[str, str]) -> list[str]:
    with pytest.raises(Unclear) as unclear:
        DESK.order(partner(), "system-1", name, pairs)
    return [field for field, _ in unclear.value.fixes]


def test_an_order_is_of_agreed_fields_in_the_order_of_the_file() -> None:
    order = DESK.order(partner(), "system-1", "CY2026-Q1", [("purpose", "research")])
    assert [one.name for one in order.fields] == ["prs_Gender", "cas_Status"]
    order = DESK.order(partner(), "system-1", "CY2026-Q1", [("purpose", "research"), ("column", "cas_Status")])
    assert [one.name for one in order.fields] == ["cas_Status"]
    everything = DESK.order(partner(fields=[]), "system-1", "CY2026-Q1", [("purpose", "research")])
    assert [one.name for one in everything.fields] == [one.name for one in FIELDS.all]


def test_what_was_not_agreed_is_refused() -> None:
    research = ("purpose", "research")
    assert refused("CY2026-Q1") == ["purpose"]
    assert refused("CY2026-Q1", ("purpose", "marketing")) == ["purpose"]
    assert refused("CY2026-Q1", research, ("column", "hte_City")) == ["column"]
    assert refused("CY2026-Q1", research, ("town", "hartford")) == [""]
    assert refused("lunch") == ["period", "purpose"]


@pytest.mark.parametrize("name", ["CY2026-Q2", "CY2026", "CY2025", "FY2026-Q1", "CY2026-01", "CY2026-Q5", "CY2026-Q1x", ""])
def test_a_period_of_another_kind_or_that_is_not_over_is_refused(name: str) -> None:
    """So no two extracts of a partner are of the same days, and no later event can belong to the period unnoticed."""
    assert refused(name, ("purpose", "research")) == ["period"]


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({"k": 4}, "k is under PARTNER_THRESHOLD"),
        ({"fields": ["prs_FirstName"]}, "no field prs_FirstName"),
        ({"purposes": []}, "at least 1 item"),
        ({"every": "week"}, "fiscal_year"),
        ({"subjects": ["a", "a"]}, "given twice"),
    ],
)
def test_a_partner_with_whom_something_else_was_agreed_is_not_loaded(tmp_path: Path, told: Any, complaint: str) -> None:
    (tmp_path / "partners.yaml").write_text(json.dumps({"partners": [PARTNER | told]}))
    with pytest.raises((ValueError, ValidationError), match=complaint):
        load_partners(tmp_path, FIELDS, 5)


def test_a_partner_is_known_by_its_subjects_alone(tmp_path: Path) -> None:
    (tmp_path / "partners.yaml").write_text(json.dumps({"partners": [PARTNER]}))
    partners = load_partners(tmp_path, FIELDS, 5)
    assert partners.of("system-1") == partner()
    assert partners.of("university") is None
    assert load_partners(Path("config"), FIELDS, 5)


def test_a_pseudonym_is_always_the_same_for_one_partner_and_another_for_another() -> None:
    seal, other = Seal(b"a" * 32), Seal(b"b" * 32)
    assert seal.pseudonym("one", "r1") == seal.pseudonym("one", "r1")
    told = {seal.pseudonym("one", "r1"), seal.pseudonym("two", "r1"), seal.pseudonym("one", "r2"), other.pseudonym("one", "r1")}
    assert len(told) == 4
    with pytest.raises(ValueError, match="too short"):
        Seal(b"a" * 31)


def test_records_as_csv_hold_no_formula_and_as_json_lists_where_there_may_be_several() -> None:
    fields = FIELDS.named(["prs_Gender", "vic_MethodsOfControl", "spl_Type"])
    record = {RECORD: "0a", "prs_Gender": "=1+1", "vic_MethodsOfControl": "Threats;Other", "spl_Type": ""}
    written = FORMATS["csv"]
    (row,) = csv.DictReader(io.StringIO(written.head(fields) + written.line(fields, record)))
    assert row == record | {"prs_Gender": "'=1+1"}
    assert json.loads(FORMATS["jsonl"].line(fields, record)) == {
        RECORD: "0a",
        "prs_Gender": "=1+1",
        "vic_MethodsOfControl": ["Threats", "Other"],
        "spl_Type": [],
    }
