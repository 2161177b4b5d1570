"""Changed files take effect while routing runs; files that cannot be used never do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.routing.desk.rules_in_force import RulesInForce
from services.routing.rules.book import load_rule_book, read_files, version_of
from shared.config_file import ConfigError
from shared.testing import builders
from tests.unit.routing.cases import adult, book
from tests.unit.routing.rules.books import change, copy_of_config, edit, with_rules

FACTS = builders.facts(**adult())
MORE = {"id": "more", "offer": [{"to": "windsor-pd", "role": "support"}]}


@pytest.fixture
def rules(tmp_path: Path) -> RulesInForce:
    return RulesInForce(copy_of_config(tmp_path))


def settle(rules: RulesInForce) -> None:
    """Looks until files that do not change any more are judged."""
    rules.look()
    rules.look()


def refused() -> dict[str, float]:
    kinds = ("mistakes", "agencies_changed")
    return {kind: REGISTRY.get_sample_value("routing_rules_refused", {"refusal": kind}) or 0.0 for kind in kinds}


def asked(rules: RulesInForce) -> set[str]:
    return {offer.agency for offer in rules.book.decide(FACTS).offers}


def test_changed_rules_decide_from_the_next_look_on_under_another_version(rules: RulesInForce, tmp_path: Path) -> None:
    before = rules.book.rules.version
    with_rules(tmp_path, MORE)
    assert asked(rules) == {"hartford-pd", "cca"}
    settle(rules)
    assert asked(rules) == {"hartford-pd", "cca", "windsor-pd"}
    assert rules.book.rules.version != before
    assert refused() == {"mistakes": 0, "agencies_changed": 0}


def test_files_that_go_on_changing_are_left_alone_until_two_looks_find_them_alike(rules: RulesInForce, tmp_path: Path) -> None:
    before = rules.book
    for remark in range(3):
        with_rules(tmp_path, MORE)
        (tmp_path / "rules.yaml").write_text((tmp_path / "rules.yaml").read_text() + f"# {remark}\n")
        rules.look()
        assert rules.book is before
    rules.look()
    assert asked(rules) == {"hartford-pd", "cca", "windsor-pd"}


def test_rules_come_into_force_with_the_agencies_they_need_and_not_before(rules: RulesInForce, tmp_path: Path) -> None:
    with_rules(tmp_path, MORE)
    edit(tmp_path, "windsor-pd", "agencies with labor_investigation")
    settle(rules)
    assert (asked(rules), refused()["mistakes"]) == ({"hartford-pd", "cca"}, 1)
    edit(tmp_path, "[child_protection_response]", "[child_protection_response, labor_investigation]", "agencies.yaml")
    settle(rules)
    assert (asked(rules), refused()["mistakes"]) == ({"hartford-pd", "cca", "dcf"}, 0)


def test_the_version_is_that_of_the_very_bytes_that_were_read(rules: RulesInForce, tmp_path: Path) -> None:
    with_rules(tmp_path, MORE)
    settle(rules)
    assert rules.book.rules.version == version_of(read_files(tmp_path)) == load_rule_book(tmp_path).rules.version


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["good", "better", "bad", "agencies", "gone", "look"]), max_size=12))
def test_whatever_happens_to_the_files_good_rules_are_in_force_and_in_the_end_the_last_good_ones(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = copy_of_config(tmp_path_factory.mktemp("config"))
    text, agencies = (folder / "rules.yaml").read_text(), (folder / "agencies.yaml").read_text()
    rules = RulesInForce(folder)
    allowed = {rules.book.rules.version}
    for step in [*steps, "good"]:
        (folder / "agencies.yaml").write_text(agencies.replace("id: dcf", "id: dcf-two") if step == "agencies" else agencies)
        if step == "gone":
            (folder / "rules.yaml").unlink(missing_ok=True)
        elif step != "look":
            (folder / "rules.yaml").write_text(text + {"bad": "]", "better": "# a remark\n"}.get(step, ""))
        if step in ("good", "better"):
            allowed.add(version_of(read_files(folder)))
        rules.look()
        assert rules.book.rules.version in allowed
    settle(rules)
    assert rules.book.rules.version == version_of(read_files(folder))
    assert refused() == {"mistakes": 0, "agencies_changed": 0}


def test_without_a_change_the_same_book_stays(rules: RulesInForce) -> None:
    before = rules.book
    settle(rules)
    assert rules.book is before


@pytest.mark.parametrize("text", ["rules: [", "rules: []\n", "", None, b"\xff\xfe"])
def test_files_with_mistakes_change_nothing_until_they_are_mended(
    rules: RulesInForce, tmp_path: Path, text: str | bytes | None
) -> None:
    before, good = rules.book, (tmp_path / "rules.yaml").read_bytes()
    if text is None:
        (tmp_path / "rules.yaml").unlink()
    else:
        (tmp_path / "rules.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    settle(rules)
    assert rules.book is before
    assert refused() == {"mistakes": 1, "agencies_changed": 0}
    (tmp_path / "rules.yaml").write_bytes(good)
    settle(rules)
    assert refused() == {"mistakes": 0, "agencies_changed": 0}


def test_one_bad_file_keeps_a_good_one_beside_it_out_too(rules: RulesInForce, tmp_path: Path) -> None:
    with_rules(tmp_path, MORE)
    change(tmp_path, "clocks.yaml", unassigned="an hour")
    settle(rules)
    assert asked(rules) == {"hartford-pd", "cca"}


def test_an_agency_more_waits_for_a_restart(rules: RulesInForce, tmp_path: Path) -> None:
    agencies = [one.model_dump(mode="json", exclude_defaults=True) for one in book().agencies.agencies]
    change(tmp_path, "agencies.yaml", agencies=[*agencies, {"id": "hospital", "name": "A hospital", "kind": "advocates"}])
    settle(rules)
    assert refused() == {"mistakes": 0, "agencies_changed": 1}
    assert "hospital" not in rules.book.agencies.ids


def test_at_the_start_files_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    folder = copy_of_config(tmp_path)
    (folder / "agencies.yaml").write_text("agencies: []")
    with pytest.raises(ConfigError):
        RulesInForce(folder)
