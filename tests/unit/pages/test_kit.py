"""The kit that every page stands on."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from shared.pages import Catalogs, Pages, Static, page_application
from shared.pages.languages import LANGUAGES, chosen
from shared.problems import ProblemKind

TOLD = "<script>alert('x')</script>"
failures: list[ProblemKind] = []


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "told.html").write_text('{% extends "kit/layout.html" %}{% block main %}<h1>{{ told }}</h1>{% endblock %}')
    return Pages(folder, Catalogs(), Static(), offered=LANGUAGES, site="Desk", home="/desk/")


@pytest.fixture
async def client(pages: Pages) -> AsyncIterator[httpx.AsyncClient]:
    async def show(_: Request) -> HTMLResponse:
        return pages.response("told.html", told=TOLD * 100)

    async def break_(_: Request) -> HTMLResponse:
        raise ValueError(TOLD)

    async def refuse(_: Request) -> HTMLResponse:
        raise HTTPException(413, TOLD)

    failures.clear()
    routes = [Route("/", show), Route("/break", break_), Route("/refuse", refuse)]
    desk = page_application(pages, routes, failed=failures.append)
    app = Starlette(routes=[Mount("/static", pages.static.app), Mount("/desk", desk)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client:
        yield client


async def test_what_was_told_is_shown_and_never_run(client: httpx.AsyncClient) -> None:
    answer = await client.get("/desk/")
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("path", "kind"), [("/desk/none", "not_found"), ("/desk/refuse", "body_too_large"), ("/desk/break", "internal")]
)
async def test_an_error_is_a_page_that_quotes_nothing_and_is_counted(client: httpx.AsyncClient, path: str, kind: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == ProblemKind[kind].status
    assert "<h1>" in answer.text
    assert "alert" not in answer.text
    assert failures == [ProblemKind[kind]]


async def test_a_static_file_is_kept_for_a_year_under_an_address_of_its_content(
    client: httpx.AsyncClient, pages: Pages
) -> None:
    answer = await client.get(pages.static.path("site.css"))
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    old = await client.get("/static/000000000000/site.css")
    assert old.headers["cache-control"] == "no-store"
    assert (await client.get("/static/000000000000/none.css")).status_code == 404


def test_the_style_of_a_page_weighs_little(pages: Pages) -> None:
    style = Path("shared/pages/static")
    assert sum(len(gzip.compress((style / name).read_bytes(), 9)) for name in ("uswds.css", "site.css")) < 12_000


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.tag)
def test_a_page_says_its_language_and_direction(pages: Pages, language: object) -> None:
    page = pages.render("told.html", language, told="x")  # type: ignore[arg-type]
    assert f'lang="{language.tag}" dir="{language.direction}"' in page  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("accept", "tag"),
    [
        ("", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fr, zh-CN;q=0.7, en;q=0.2", "zh-Hans"),
        ("en;q=0.1,ar;q=0.5", "ar"),
        ("pl;q=0", "en"),
        (";;q=x,,*", "en"),
    ],
)
def test_the_browsers_wish_chooses_the_language(accept: str, tag: str) -> None:
    assert chosen(accept, LANGUAGES).tag == tag
