"""The languages that pages can be in."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`tag`: BCP 47, as in `lang` and in addresses. `name`: its own. `locale`: as CLDR and the catalogs' files write it."""

    tag: str
    name: str
    locale: str
    direction: str = "ltr"


ENGLISH = Language("en", "English", "en")
LANGUAGES = (
    ENGLISH,
    Language("es", "Español", "es"),
    Language("pt", "Português", "pt"),
    Language("pl", "Polski", "pl"),
    Language("zh-Hans", "简体中文", "zh_Hans"),
    Language("ar", "العربية", "ar", "rtl"),
)
"""English is what the sentences are written in; the others have catalogs."""


def chosen(accept_language: str, offered: Sequence[Language]) -> Language:
    """The offered language that a browser's Accept-Language likes best; the first one where it likes none."""
    wishes = sorted(_wishes(accept_language), key=lambda wish: -wish[1])
    for tag, _ in wishes:
        for language in offered:
            if tag.partition("-")[0] == language.tag.lower().partition("-")[0]:
                return language
    return offered[0]


def _wishes(header: str) -> list[tuple[str, float]]:
    """Tags in lower case with their weights; what cannot be read is left out."""
    found = []
    for part in header[:500].split(","):
        tag, _, weight = part.partition(";q=")
        try:
            found.append((tag.strip().lower(), float(weight or 1)))
        except ValueError:
            continue
    return [(tag, weight) for tag, weight in found if tag and weight > 0]
