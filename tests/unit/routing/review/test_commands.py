"""The commands about rules, as the coordinator calls them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from services.routing.review.commands import app
from tests.unit.routing.cases import CONFIG, adult, child
from tests.unit.routing.rules.books import copy_of_config, edit, with_rules


def run(*words: str) -> int:
    """The exit status of `rules WORDS`."""
    with pytest.raises(SystemExit) as end:
        app(words)
    return int(end.value.code or 0)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """All that was printed since the last time."""
    return lambda: "".join(capsys.readouterr())


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
        "possible_minor (possibly_minor: true): The person is",
        "dcf ",
        "child_protection",
        "not asked: cca (excluded; named by possible_minor)",
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
    assert run("explain", case) == 2
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


def test_diff_shows_a_mandated_clock_that_would_no_longer_start(tmp_path: Path, said: Any) -> None:
    folder = copy_of_config(tmp_path)
    rules = (folder / "rules.yaml").read_text()
    (folder / "rules.yaml").write_text(rules.replace("clocks: [dcf_oral_report, dcf_begins,", "clocks: [dcf_begins,"))
    assert run("diff", str(CONFIG), str(folder), "--cases", facts_file(tmp_path, child(), adult()), "--json") == 1
    (one,) = json.loads(said())["different"]
    assert (one["case"], one["added"], one["clocks"]) == ("1", [], ["-dcf_oral_report"])


def test_diff_counts_all_that_differ_and_shows_the_first(tmp_path: Path, said: Any) -> None:
    (tmp_path / "new").mkdir()
    with_rules(tmp_path / "new", {"id": "more", "offer": [{"to": "windsor-pd", "role": "support"}]})
    cases = facts_file(tmp_path, *[adult()] * 5)
    assert run("diff", str(CONFIG), str(tmp_path / "new"), "--cases", cases, "--most", "2") == 1
    told = said()
    assert "5 of 5 cases would be decided otherwise; the first 2 are shown" in told
    assert told.count("windsor-pd") == 2


def test_diff_of_the_same_rules_finds_nothing(tmp_path: Path, said: Any) -> None:
    (tmp_path / "same").mkdir()
    copy_of_config(tmp_path / "same")
    assert run("diff", str(CONFIG), str(tmp_path / "same"), "--cases", facts_file(tmp_path, adult(), child())) == 0
    assert "0 of 2 cases would be decided otherwise" in said()


def test_a_file_with_mistakes_ends_a_command_with_each_of_them(tmp_path: Path, said: Any) -> None:
    folder = copy_of_config(tmp_path)
    text = (folder / "rules.yaml").read_text().replace("to: coordinator, role", "to: cordinator, role")
    (folder / "rules.yaml").write_text(text)
    assert run("diff", str(CONFIG), str(folder)) == 2
    told = said().splitlines()
    assert len(told) == text.count("cordinator") > 1
    assert all("cordinator is no kind and no agency" in line for line in told)


def test_mistakes_in_the_files_come_as_json_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    folder = copy_of_config(tmp_path)
    urgent = edit(folder, "urgency: critical", "urgency: urgent")
    soon = edit(folder, "unassigned: 1 h", "unassigned: soon", "clocks.yaml")
    monkeypatch.setenv("CONFIG_DIR", str(folder))
    for command in ("check", "coverage", "list"):
        assert run(command, "--json") == 2
        found = json.loads(capsys.readouterr().out)["mistakes"]
        assert [(Path(one["file"]).name, one["line"]) for one in found] == [("clocks.yaml", soon), ("rules.yaml", urgent)]


def test_list_gives_every_reason_its_sentence(said: Any) -> None:
    assert run("list", "--json") == 0
    assert json.loads(said())["labor"].startswith("Labor trafficking")
