"""Releases as pages, and what the measures mean."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from services.reporting.exports.sheets import TOPIC_OF, sheets
from services.reporting.measures import TOPICS
from services.reporting.pages.shown import shown
from services.reporting.release.api import Releases
from services.reporting.release.archive import Frozen
from services.reporting.reports.cut import COUNTED
from shared.pages import Pages
from shared.problems import Problem

Answer = Callable[[Request], Awaitable[HTMLResponse]]


class ReleasePages:
    """Pages for everybody: without a sign-in, what the public may see."""

    def __init__(self, pages: Pages, releases: Releases) -> None:
        self._pages = pages
        self._releases = releases

    def routes(self) -> list[Route]:
        """Below /figures."""
        return [
            Route("/", _with_problems(self._every)),
            Route("/definitions", self._definitions),
            Route("/{period}", _with_problems(self._one)),
        ]

    async def _every(self, request: Request) -> HTMLResponse:
        whom = await self._releases.audience_of(request)
        newest: dict[str, Frozen] = {one.period: one for one in await self._releases.list_for(whom)}
        return self._pages.response("releases.html", releases=sorted(newest.values(), key=_last_day, reverse=True), whom=whom)

    async def _one(self, request: Request) -> HTMLResponse:
        whom = await self._releases.audience_of(request)
        frozen = await self._releases.one_for(whom, request.path_params["period"], None)
        content = frozen.said
        first = next(iter(content["figures"]))
        told = [shown(sheet) for sheet in sheets(content) if sheet.counted_by == first]
        by_topic = [(topic, [one for one in told if TOPIC_OF[one.id] == topic]) for topic in TOPICS]
        topics = [topic for topic in by_topic if topic[1]]
        return self._pages.response(
            "release.html", release=frozen, content=content, topics=topics, measures=told, columns=COUNTED
        )

    async def _definitions(self, _: Request) -> HTMLResponse:
        told = [(topic, [measure.describe() for measure in measures]) for topic, measures in TOPICS.items()]
        return self._pages.response("definitions.html", topics=told)


def _last_day(frozen: Frozen) -> Any:
    return frozen.said["period"]["to"], frozen.period


def _with_problems(page: Answer) -> Answer:
    """A problem as an error page."""

    async def answer(request: Request) -> HTMLResponse:
        try:
            return await page(request)
        except Problem as problem:
            raise HTTPException(problem.kind.status, headers=problem.headers) from None

    return answer
