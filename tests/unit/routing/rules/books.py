"""Rule books that differ from the shipped one in a rule or two."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from services.routing.rules.book import FILES, RuleBook, load_rule_book
from tests.unit.routing.cases import CONFIG

WHY = "A rule that only this test has."


def copy_of_config(folder: Path) -> Path:
    """The three files of routing, to be changed."""
    for name in FILES:
        shutil.copy(CONFIG / name, folder / name)
    return folder


def edit(folder: Path, before: str, after: str, name: str = "rules.yaml") -> int:
    """Replaces the first place where this text stands; its line."""
    text = (folder / name).read_text()
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1))
    return 1 + text.partition(before)[0].count("\n")


def change(folder: Path, name: str, **parts: Any) -> None:
    """Sets top-level parts of a file."""
    content = yaml.safe_load((folder / name).read_text())
    (folder / name).write_text(yaml.safe_dump(content | parts))


def with_rules(folder: Path, *more: dict[str, Any], without: tuple[str, ...] = ()) -> RuleBook:
    """The shipped rules without some, and with some more in front. What a rule does not say is filled in."""
    rules = yaml.safe_load((copy_of_config(folder) / "rules.yaml").read_text())["rules"]
    kept = [rule for rule in rules if rule["id"] not in without]
    change(folder, "rules.yaml", rules=[*({"urgency": "routine", "why": WHY} | rule for rule in more), *kept])
    return load_rule_book(folder)
