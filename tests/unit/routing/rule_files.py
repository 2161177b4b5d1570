"""Copies of the shipped configuration, changed for a test."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.unit.routing.cases import CONFIG

FILES = ("rules.yaml", "agencies.yaml", "clocks.yaml")


def copied(folder: Path) -> Path:
    """The shipped files in a folder of the test's own."""
    folder.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copy(CONFIG / name, folder / name)
    return folder


def edit(folder: Path, before: str, after: str, name: str = "rules.yaml") -> None:
    """Replaces the first place where this text stands."""
    text = (folder / name).read_text()
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1))


def only(folder: Path, rules: str) -> Path:
    """The shipped files with these rules in place of the shipped ones, so that few cases are to be told apart."""
    text = copied(folder).joinpath("rules.yaml").read_text()
    (folder / "rules.yaml").write_text(f"rules:\n{rules}\n" + text[text.index("unmatched:") :])
    return folder
