"""What somebody is told, as a mail program or browser shows it, in every language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from playwright.async_api import Page
from playwright.async_api import Route as Intercepted
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from services.notifications.acknowledge_pages import TEMPLATES
from services.notifications.links import Links
from services.notifications.texts import Texts
from services.notifications.words import words
from shared.pages import Catalogs, Pages, Static
from tests.unit.notifications.test_message import NOTICE

LANGUAGES = ("en", "es")
LINKS = Links("https://desk.example/referrals/{referral}", "https://notices.example/acknowledge", "a key for tests")
PAGES = Pages(TEMPLATES, Catalogs(), Static(), site="Referral notices", home="#main")


async def mail(request: Request) -> Response:
    """The HTML of a mail."""
    language = request.path_params["language"]
    return HTMLResponse(Texts(LANGUAGES).write("body.html", language, words(NOTICE, LINKS, language)))


async def button(request: Request) -> Response:
    """The page with the button, before and after it is pressed."""
    return PAGES.response("acknowledge.html", reference="0a1b2c3d", done=request.path_params["state"] == "done")


READ = Starlette(
    routes=[Route("/mail/{language}", mail), Route("/acknowledge/{state}", button), Mount("/static", PAGES.static.app)]
)
PATHS = (*(f"/mail/{language}" for language in LANGUAGES), "/acknowledge/asked", "/acknowledge/done")


@asynccontextmanager
async def answered_by(page: Page, application: Starlette) -> AsyncIterator[None]:
    """Whatever the page asks for is answered by the application, without a server."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://read.example") as client:

        async def answer(asked: Intercepted) -> None:
            got = await client.request(asked.request.method, asked.request.url)
            await asked.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)

        await page.route("**/*", answer)
        yield
        await page.unroute_all()
