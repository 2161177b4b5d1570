"""The commands about rules, as the coordinator calls them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from services.routing.rules_commands import app
from tests.unit.routing.cases import CONFIG, adult, child
from tests.unit.routing.rule_books import copy_of_config, with_rules


def run(*words: str) -> int:
    """The exit status of `rules WORDS`."""
    with pytest.raises(SystemExit) as end:
        app(words)
    code = end.value.code
    if isinstance(code, str):  # what `sys.exit` prints in the end
        print(code)  # noqa: T201
        return 1
    return int(code or 0)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda: capsys.readouterr().out


def facts_file(folder: Path, *cases: dict[str, Any]) -> str:
    file = folder / "cases.ndjson"
    file.write_text("\n".join(json.dumps(case) for case in cases))
    return str(file)


def test_explain_says_which_rules_who_for_what_by_when_and_who_not(tmp_path: Path, said: Any) -> None:
    case = facts_file(tmp_path, child(excluded_agencies=["cca"]))
    assert run("explain", case) == 0
    told = said()
    for words in (
        "Urgency high",
        "possible_minor: The person is",
        "dcf ",
        "child_protection",
        "not asked: cca (excluded)",
        "UTC",
    ):
        assert words in told


def test_explain_reads_standard_input_and_speaks_json(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(adult())))
    assert run("explain", "-", "--json") == 0
    told = json.loads(said())
    assert {one["agency"]: one["role"] for one in told["asked"]} == {"hartford-pd": "lead", "cca": "advocate"}
    assert told["urgency"] == "routine"
    assert [clock["clock"] for clock in told["clocks"]] == ["unassigned", "advocate_contact"]


def test_facts_that_are_none_are_refused_field_by_field_without_their_values(tmp_path: Path, said: Any) -> None:
    case = facts_file(tmp_path, {"minor": "Jane Roe", "reportr": "school"})
    assert run("explain", case) == 1
    told = said()
    assert "minor: Input should be" in told
    assert "reportr: Extra inputs" in told
    assert "Jane" not in told


def test_diff_tells_whose_referral_would_have_gone_elsewhere(tmp_path: Path, said: Any) -> None:
    (tmp_path / "new").mkdir()
    with_rules(
        tmp_path / "new",
        {"id": "winters", "when": {"town_of_exploitation": "hartford"}, "offer": [{"to": "windsor-pd", "role": "support"}]},
        without=("labor",),
    )
    cases = facts_file(tmp_path, adult(), adult(town_of_exploitation="windsor"), adult(trafficking_type="labor"))
    assert run("diff", str(CONFIG), str(tmp_path / "new"), "--cases", cases, "--json") == 1
    found = {one["case"]: one for one in json.loads(said())["different"]}
    assert {case: (one["added"], one["dropped"]) for case, one in found.items()} == {
        "1": (["windsor-pd"], []),
        "3": (["windsor-pd"], ["coordinator"]),
    }


def test_diff_of_the_same_rules_finds_nothing(tmp_path: Path, said: Any) -> None:
    (tmp_path / "same").mkdir()
    copy_of_config(tmp_path / "same")
    assert run("diff", str(CONFIG), str(tmp_path / "same"), "--cases", facts_file(tmp_path, adult(), child())) == 0
    assert "0 of 2 cases would be decided otherwise" in said()


def test_a_file_with_mistakes_ends_a_command_with_each_of_them(tmp_path: Path, said: Any) -> None:
    folder = copy_of_config(tmp_path)
    text = (folder / "rules.yaml").read_text().replace("to: coordinator, role", "to: cordinator, role")
    (folder / "rules.yaml").write_text(text)
    assert run("diff", str(CONFIG), str(folder)) == 1
    told = said().splitlines()
    assert len(told) == text.count("cordinator") > 1
    assert all("'cordinator' is no kind and no agency" in line for line in told)


def test_list_gives_every_reason_its_sentence(said: Any) -> None:
    assert run("list", "--json") == 0
    assert json.loads(said())["labor"].startswith("Labor trafficking")
