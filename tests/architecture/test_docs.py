"""The documents point at things that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"\bmake ([a-z-]+)")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    code = " ".join(re.findall(r"`[^`]+`|```[\s\S]*?```", page.read_text()))
    assert set(COMMAND.findall(code)) <= TARGETS


NAMES_IN_TESTS = {
    name
    for path in (ROOT / "tests").rglob("*.py")
    for name in (path.name, str(path.relative_to(ROOT)), *re.findall(r"def (test_\w+)\(", path.read_text()))
}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name.endswith("-proofs.md")], ids=lambda page: page.stem)
def test_every_test_that_a_page_of_proofs_names_exists(page: Path) -> None:
    named = set(re.findall(r"`(test_\w+(?:\.py)?|tests/[\w/]+\.py)`", page.read_text()))
    assert named
    assert named - NAMES_IN_TESTS == set()
