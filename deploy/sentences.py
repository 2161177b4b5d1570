"""`make sentences`: collects the sentences of the pages, and brings the translations up to date with them.

A translation whose sentence changed is marked fuzzy and counts as missing until someone mends it.
"""

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from shared.pages.catalogs import read, review_of
from shared.pages.languages import ENGLISH, LANGUAGES

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "shared/pages", ROOT / "services/intake/pages")
"""Folders with pages; each has its catalogs in `catalogs/`."""

_METHODS = [("**.py", "python"), ("**.html", "jinja2")]


def collected(folder: Path) -> Catalog:
    """All sentences under a folder: `N_(…)` in code, `_(…)` in templates."""
    catalog = Catalog()
    found = extract_from_dir(folder, _METHODS, {"**.html": {"trimmed": "true"}}, keywords={"N_": None, "_": None})
    for _, _, sentence, _, _ in sorted(found, key=lambda one: str(one[2])):
        catalog.add(sentence)
    return catalog


def as_text(catalog: Catalog, review: str | None = None) -> str:
    """The catalog as a file, without what changes at every run. `review`: the line that says who checked it."""
    for message in catalog:
        message.user_comments = []
    file = io.BytesIO()
    write_po(file, catalog, width=130, no_location=True, omit_header=True, ignore_obsolete=True)
    head = "" if review is None else f"# Reviewed-By:{f' {review}' if review else ''}\n\n"
    return head + file.getvalue().decode()


def main() -> None:
    """Writes `messages.pot` and every `<locale>.po`."""
    for folder in FOLDERS:
        template, catalogs = collected(folder), folder / "catalogs"
        (catalogs / "messages.pot").write_text(as_text(template))
        for language in LANGUAGES:
            if language is not ENGLISH:
                path = catalogs / f"{language.locale}.po"
                catalog, review = read(path, language), review_of(path)
                catalog.update(template)
                path.write_text(as_text(catalog, review))


if __name__ == "__main__":
    main()
