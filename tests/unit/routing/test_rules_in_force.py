"""Changed files take effect while routing runs; files that cannot be used never do."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from services.routing.config_file import ConfigError
from services.routing.rules_in_force import RulesInForce
from shared.testing import builders
from tests.unit.routing.cases import adult, book
from tests.unit.routing.rule_books import change, copy_of_config, with_rules

FACTS = builders.facts(**adult())
MORE = {"id": "more", "offer": [{"to": "windsor-pd", "role": "support"}]}


@pytest.fixture
def rules(tmp_path: Path) -> RulesInForce:
    return RulesInForce(copy_of_config(tmp_path))


def refused() -> dict[str, float]:
    kinds = ("mistakes", "agencies_changed")
    return {kind: REGISTRY.get_sample_value("routing_rules_refused", {"refusal": kind}) or 0.0 for kind in kinds}


def asked(rules: RulesInForce) -> set[str]:
    return {offer.agency for offer in rules.book.decide(FACTS).offers}


def test_changed_rules_decide_from_the_next_look_on_under_another_version(rules: RulesInForce, tmp_path: Path) -> None:
    before = rules.book.rules.version
    with_rules(tmp_path, MORE)
    assert asked(rules) == {"hartford-pd", "cca"}
    rules.look()
    assert asked(rules) == {"hartford-pd", "cca", "windsor-pd"}
    assert rules.book.rules.version != before
    assert refused() == {"mistakes": 0, "agencies_changed": 0}


def test_without_a_change_the_same_book_stays(rules: RulesInForce) -> None:
    before = rules.book
    rules.look()
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
    rules.look()
    assert rules.book is before
    assert refused() == {"mistakes": 1, "agencies_changed": 0}
    (tmp_path / "rules.yaml").write_bytes(good)
    rules.look()
    assert refused() == {"mistakes": 0, "agencies_changed": 0}


def test_one_bad_file_keeps_a_good_one_beside_it_out_too(rules: RulesInForce, tmp_path: Path) -> None:
    with_rules(tmp_path, MORE)
    change(tmp_path, "clocks.yaml", unassigned="an hour")
    rules.look()
    assert asked(rules) == {"hartford-pd", "cca"}


def test_an_agency_more_waits_for_a_restart(rules: RulesInForce, tmp_path: Path) -> None:
    agencies = [one.model_dump(mode="json", exclude_defaults=True) for one in book().agencies.agencies]
    change(tmp_path, "agencies.yaml", agencies=[*agencies, {"id": "hospital", "name": "A hospital", "kind": "advocates"}])
    rules.look()
    assert refused() == {"mistakes": 0, "agencies_changed": 1}
    assert "hospital" not in rules.book.agencies.ids


def test_at_the_start_files_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    folder = copy_of_config(tmp_path)
    (folder / "agencies.yaml").write_text("agencies: []")
    with pytest.raises(ConfigError):
        RulesInForce(folder)
