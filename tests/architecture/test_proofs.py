"""The pages that name a test for each promise name tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*-proofs.md"))
NAMED = re.compile(r"`[^`]*?(test_\w+)(?:\.py)?[^`]*`")
FILES = [*(ROOT / "tests").rglob("test_*.py")]
KNOWN = {file.stem for file in FILES} | {name for file in FILES for name in re.findall(r"def (test_\w+)\(", file.read_text())}
PATH = re.compile(r"`((?:tests|deploy|services|docs)/[^`: ]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_test_that_a_page_of_proofs_names_exists(page: Path) -> None:
    named = NAMED.findall(page.read_text())
    assert named
    assert [name for name in named if name not in KNOWN] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_that_a_page_of_proofs_names_exists(page: Path) -> None:
    assert [path for path in PATH.findall(page.read_text()) if not (ROOT / path).exists()] == []
