"""Files of referrals: what is in a row, and what has to be mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from services.intake.example import REFERRAL
from services.intake.provider.columns import Columns
from services.intake.provider.import_command import import_
from services.intake.provider.rows import Row, from_csv, from_ndjson
from services.intake.submission import Submission
from shared.vocabulary import LaborExploitation, MeansOfControl, SexExploitation

COLUMNS = Columns(
    columns={
        "Town": "facts.town_of_exploitation",
        "Sex": "facts.gender",
        "Born": "facts.birth_year",
        "Danger": "facts.immediate_danger",
        "Control": "facts.means_of_control",
        "Client": "details.victim.names",
        "Story": "details.narrative",
    },
    values={"facts.gender": {"F": "female"}, "facts.means_of_control": {"debts": "debt_bondage"}},
    constants={"facts.reporter": "service_provider", "facts.release": "given"},
    reference="Case No",
)
HEADING = "Case No,Town,Sex,Born,Danger,Control,Client,Story,Ignored\n"


def rows(*lines: str, columns: Columns = COLUMNS) -> list[Row]:
    return list(from_csv([HEADING, *lines], columns))


def test_a_row_becomes_the_referral_that_its_columns_say() -> None:
    [row] = rows('17,hartford,F,2010,yes,debts; takes_earnings,Ana Example; A.,"She said, and cried",x\n')
    assert row.errors == ()
    assert row.body is not None
    assert json.loads(row.body) == {
        "facts": {
            "town_of_exploitation": "hartford", "gender": "female", "birth_year": 2010, "immediate_danger": True,
            "means_of_control": ["debt_bondage", "takes_earnings"], "reporter": "service_provider", "release": "given",
        },
        "details": {"victim": {"names": ["Ana Example", "A."]}, "narrative": "She said, and cried"},
    }  # fmt: skip
    Submission.model_validate_json(row.body, strict=True)


def test_an_empty_cell_is_a_field_that_is_not_told() -> None:
    [row] = rows("18,,,,,,,,\n")
    assert row.body is not None
    assert json.loads(row.body) == {"facts": {"reporter": "service_provider", "release": "given"}}


def test_a_row_that_is_wrong_says_what_to_mend_and_quotes_nothing() -> None:
    [wrong, good] = rows("19,atlantis,F,soon,,,,,\n", "20,hartford,,,,,,,\n")
    assert wrong.body is None
    assert {error.field for error in wrong.errors} == {"facts.town_of_exploitation", "facts.birth_year"}
    assert "atlantis" not in str(wrong.errors)
    assert (good.number, good.errors) == (2, ())


def test_a_case_keeps_its_key_by_its_number_and_without_one_by_what_is_told() -> None:
    first, changed = rows("21,hartford,,,,,,,\n", "21,windsor,,,,,,,\n")
    assert first.key == changed.key, "intake will say that the case was sent before with other content"
    unnumbered = COLUMNS.model_copy(update={"reference": None})
    one, same, other = rows("1,hartford,,,,,,,\n", "2,hartford,,,,,,,\n", "3,windsor,,,,,,,\n", columns=unnumbered)
    assert one.key == same.key != other.key


def test_a_line_of_ndjson_is_a_referral_as_the_api_takes_it() -> None:
    lines = [json.dumps(REFERRAL | {"reference": 5}), "", "{", json.dumps({"facts": {}})]
    good, broken, empty = from_ndjson(lines)
    assert (good.reference, json.loads(good.body or b"")) == ("5", REFERRAL)
    assert broken.errors[0].fix == "give one JSON object on a line"
    assert [error.field for error in empty.errors] == ["facts.reporter"]


def test_a_mapping_to_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"there are no fields facts\.shoe_size"):
        Columns(columns={"Shoes": "facts.shoe_size"})


def test_a_rehearsal_says_what_to_mend_in_which_row_and_sends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.ndjson"
    file.write_text(json.dumps(REFERRAL) + "\n" + json.dumps({"facts": {"reporter": "nobody"}}))
    with pytest.raises(SystemExit) as ended:
        import_(file, url="http://127.0.0.1:9", dry_run=True)
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "row 2: facts.reporter: use one of" in said
    assert "2 rows, 1 to be mended; nothing was sent" in said


@pytest.mark.parametrize(("columns", "told"), [("columns: {Town: facts.nowhere}", "facts.nowhere"), ("{", "cannot be read")])
def test_a_mapping_that_cannot_be_used_is_told_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], columns: str, told: str
) -> None:
    (tmp_path / "columns.yaml").write_text(columns)
    (tmp_path / "cases.csv").write_text("Town\nhartford\n")
    with pytest.raises(SystemExit) as ended:
        import_(tmp_path / "cases.csv", columns=tmp_path / "columns.yaml")
    assert ended.value.code == 2
    assert told in capsys.readouterr().out


def test_the_mapping_from_the_case_data_standard_turns_each_of_its_words_into_a_term_of_ours_and_back() -> None:
    columns = Columns.model_validate(yaml.safe_load(Path("docs/providers/htcds-columns.yaml").read_text()))
    ours = {
        "facts.means_of_control": set(MeansOfControl.terms()) - {"restricts_movement", "uses_children"},
        "facts.labor_exploitation": set(LaborExploitation.terms()) - {"aquafarming", "begging", "illicit_activities"},
        "facts.sex_exploitation": set(SexExploitation.terms()) - {"other"},
    }
    told = {one["field"]: one for one in yaml.safe_load(Path("config/htcds.yaml").read_text())}
    for field, terms in ours.items():
        assert set(columns.values[field].values()) == terms
        name = next(column for column, its in columns.columns.items() if its == field)
        back = told[name]["values"] | {"other": told[name]["values"]["otherwise"]}
        assert {word: back[term] for word, term in columns.values[field].items()} == {
            word: word for word in columns.values[field]
        }
    heading = "vic_MethodsOfControl,vic_ForcedLabourIndustry,vic_TypeOfSexExploitation,prs_Gender,prs_FirstName\n"
    every = [";".join(columns.values[field]) for field in ours]
    [row] = from_csv([heading, f"{','.join(every)},Feminine,Ana Example\n"], columns)
    assert row.errors == ()
