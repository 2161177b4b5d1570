"""Translations: complete, up to date with the pages, and shown only when a person checked them, unless a setting says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploy.sentences import FOLDERS, as_text, collected
from shared.pages import ENGLISH, LANGUAGES, Catalogs, Language
from shared.pages.catalogs import read

OTHERS = [language for language in LANGUAGES if language is not ENGLISH]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
folders = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
languages = pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.tag)


@folders
def test_the_list_of_sentences_is_that_of_the_pages(folder: Path) -> None:
    """`make sentences` mends it."""
    assert (folder / "catalogs/messages.pot").read_text() == as_text(collected(folder))


@languages
def test_every_sentence_of_every_page_is_translated(language: Language) -> None:
    assert Catalogs(*(folder / "catalogs" for folder in FOLDERS)).translations[language.tag].missing == frozenset()


@folders
@languages
def test_a_translation_fills_in_what_its_sentence_fills_in(folder: Path, language: Language) -> None:
    for one in read(folder / f"catalogs/{language.locale}.po", language):
        if one.id:
            assert sorted(PLACEHOLDER.findall(str(one.string))) == sorted(PLACEHOLDER.findall(str(one.id))), one.id


def folder_with(tmp_path: Path, *, review: str = "", translation: str = "Vaya") -> Path:
    (tmp_path / "messages.pot").write_text('msgid "Go"\nmsgstr ""\n')
    for language in OTHERS:
        (tmp_path / f"{language.locale}.po").write_text(f'# Reviewed-By:{review}\n\nmsgid "Go"\nmsgstr "{translation}"\n')
    return tmp_path


def test_a_catalog_that_nobody_checked_is_offered_only_where_a_setting_says_so(tmp_path: Path) -> None:
    catalogs = Catalogs(folder_with(tmp_path))
    assert catalogs.offered(unreviewed=False) == (ENGLISH,)
    assert catalogs.offered(unreviewed=True) == LANGUAGES


def test_a_catalog_that_is_not_complete_is_never_offered(tmp_path: Path) -> None:
    assert Catalogs(folder_with(tmp_path, review=" A. Example", translation="")).offered(unreviewed=True) == (ENGLISH,)


def test_a_checked_and_complete_catalog_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.pages.catalogs.KIT", tmp_path)
    assert Catalogs(folder_with(tmp_path, review=" A. Example, 2026-11-01")).offered(unreviewed=False) == LANGUAGES
