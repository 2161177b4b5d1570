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

from services.notifications.answers.acknowledge_pages import TEMPLATES
from services.notifications.notices.notice import Form
from services.notifications.texts.example import a_bundle
from services.notifications.texts.links import Links
from services.notifications.texts.texts import Texts
from services.notifications.texts.words import words
from shared.pages import Catalogs, Pages, Static
from shared.vocabulary import Urgency
from tests.unit.notifications.texts.test_message import NOTICE, SENT

LANGUAGES = ("en", "es")
LINKS = Links("https://desk.example/referrals/{referral}", "https://notices.example/acknowledge", "a key for tests")
PAGES = Pages(TEMPLATES, Catalogs(), Static(), site="Referral notices", home="#main")


async def mail(request: Request) -> Response:
    """The HTML of a mail."""
    language = request.path_params["language"]
    return HTMLResponse(Texts(LANGUAGES).write("body.html", language, words(NOTICE, LINKS, language)))


async def together(request: Request) -> Response:
    """The HTML of a mail that tells of several."""
    form, language = Form(request.path_params["form"]), request.path_params["language"]
    bundle = a_bundle(form, Urgency.high, SENT, count=5)
    return HTMLResponse(Texts(LANGUAGES).write("body.html", language, words(bundle, LINKS, language)))


async def button(request: Request) -> Response:
    """The page with the button, before and after it is pressed, for one notice or for several."""
    state, references = request.path_params["state"], [f"0a1b2c{number:02x}" for number in range(5)]
    seen = references if request.path_params["what"] == "several" else references[:1]
    return PAGES.response("acknowledge.html", references=seen, done=state == "done")


READ = Starlette(
    routes=[
        Route("/mail/{language}", mail),
        Route("/together/{form}/{language}", together),
        Route("/acknowledge/{what}/{state}", button),
        Mount("/static", PAGES.static.app),
    ]
)
PATHS = (
    *(f"/mail/{language}" for language in LANGUAGES),
    *(f"/together/{form}/{language}" for form in ("storm", "digest") for language in LANGUAGES),
    "/acknowledge/one/asked",
    "/acknowledge/one/done",
    "/acknowledge/several/asked",
)


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
