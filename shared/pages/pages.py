"""Rendering pages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.responses import HTMLResponse

from shared.pages.catalogs import Catalogs
from shared.pages.languages import ENGLISH, Language
from shared.pages.static import Static

KIT = Path(__file__).parent / "templates"


class Pages:
    """Templates in every offered language. What is put into a page is escaped; a name that is not given is an error.

    A page holds no script and no style, not in an attribute either: the headers forbid it. What it needs is a static file.

    A staff page in English, with its own `list.html` beginning with `{% extends "kit/layout.html" %}`:

        HERE = Path(__file__).parent
        pages = Pages(HERE / "templates", Catalogs(), Static(), site="Referral desk")

        async def show(request: Request) -> HTMLResponse:
            return pages.response("list.html", rows=await queries.overdue())

        service.http.mount("/static", pages.static.app)
        service.http.mount("/desk", page_application(pages, [Route("/", show)], failed=count_it))

    The layout has the blocks `title`, `above` (beside the name: the way out), `main`, `footer` and `head`.
    `shared` are values that every page may use; `site` (the name in the header) and `home` (its address) must be among them.
    """

    def __init__(
        self, templates: Path, catalogs: Catalogs, static: Static, *, offered: Sequence[Language] = (ENGLISH,), **shared: Any
    ) -> None:
        self.static = static
        self.offered = offered
        kit = FileSystemLoader(KIT)
        loader = ChoiceLoader([FileSystemLoader(templates), PrefixLoader({"kit": kit}), kit])
        self._environments = {one.tag: _environment(loader, catalogs, one, self, shared) for one in offered}

    def render(self, name: str, language: Language = ENGLISH, **values: Any) -> str:
        """The page `name` in a language. jinja2.TemplateNotFound, UndefinedError."""
        return self._environments[language.tag].get_template(name).render(**values)

    def response(self, name: str, language: Language = ENGLISH, code: int = 200, **values: Any) -> HTMLResponse:
        """The page as an answer with the status `code`."""
        return HTMLResponse(self.render(name, language, **values), code, headers={"Content-Language": language.tag})


def _environment(
    loader: BaseLoader, catalogs: Catalogs, language: Language, pages: Pages, shared: Mapping[str, Any]
) -> Environment:
    environment = Environment(
        loader=loader,
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(catalogs.translations[language.tag].messages, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(shared, language=language, offered=pages.offered, static=pages.static.path)
    return environment
