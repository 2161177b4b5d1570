"""Translations: gettext catalogs as text files, compiled when a service starts."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, mofile, pofile
from babel.support import Translations

from shared.pages.languages import ENGLISH, LANGUAGES, Language

KIT = Path(__file__).parent / "catalogs"
"""The sentences of the layout itself."""

_REVIEWED = re.compile(r"^# Reviewed-By:[ \t]*(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Translation:
    """One language's sentences, the state they are in, and the gettext object that pages are rendered with.

    `reviewed`: every one of its files names a person who checked it, in its line `# Reviewed-By: …`.
    """

    language: Language
    missing: frozenset[str]
    reviewed: bool
    messages: Translations


class Catalogs:
    """The catalogs of the kit and in `folders`: `messages.pot` holds all sentences, `<locale>.po` their translations."""

    def __init__(self, *folders: Path) -> None:
        self._folders = (KIT, *folders)
        self.translations = {language.tag: self._translation(language) for language in LANGUAGES}

    def offered(self, *, unreviewed: bool) -> Sequence[Language]:
        """English, and every language that is complete and, unless `unreviewed` ones may be shown, checked by a person."""
        found = [one for one in self.translations.values() if not one.missing and (one.reviewed or unreviewed)]
        return tuple(one.language for one in found)

    def _translation(self, language: Language) -> Translation:
        if language is ENGLISH:
            return Translation(ENGLISH, frozenset(), True, Translations())
        catalogs = [(folder, read(folder / f"{language.locale}.po", language)) for folder in self._folders]
        missing = frozenset(one for folder, catalog in catalogs for one in missing_from(catalog, folder))
        reviewed = all(review_of(folder / f"{language.locale}.po") for folder in self._folders)
        return Translation(language, missing, reviewed, _merged(catalog for _, catalog in catalogs))


def read(path: Path, language: Language) -> Catalog:
    """One catalog; an empty one where there is no such file."""
    if not path.exists():
        return Catalog(language.locale)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language.locale)


def review_of(path: Path) -> str:
    """Who checked a catalog; empty where nobody did."""
    found = _REVIEWED.search(path.read_text()) if path.exists() else None
    return found[1] if found else ""


def missing_from(catalog: Catalog, folder: Path) -> frozenset[str]:
    """The sentences of the folder's `messages.pot` that have no translation, or one marked fuzzy."""
    wanted = read(folder / "messages.pot", ENGLISH)
    return frozenset(str(one.id) for one in wanted if one.id and not _translated(catalog, one.id))


def _translated(catalog: Catalog, sentence: str | tuple[str, ...] | list[str]) -> bool:
    key = sentence if isinstance(sentence, str) else sentence[0]
    found = catalog.get(key)
    return found is not None and bool(found.string) and not found.fuzzy


def _merged(catalogs: Iterable[Catalog]) -> Translations:
    merged = Translations()
    for catalog in catalogs:
        file = io.BytesIO()
        mofile.write_mo(file, catalog)
        file.seek(0)
        merged.add(Translations(file))
    return merged
