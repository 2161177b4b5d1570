"""The reports that somebody waits for, as pages of the inside, with their files."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from services.reporting.exports.sheets import sheet_of
from services.reporting.pages.guarded import Guarded, link_from, page_of
from services.reporting.pages.shown import shown
from services.reporting.release.api import Releases
from services.reporting.release.archive import Frozen
from services.reporting.reports.access import Audience
from services.reporting.reports.cut import COUNTED as TOLD
from services.reporting.reports.report import Reports
from shared.pages import Pages
from shared.problems import Problem


class NamedPages:
    """A page for each."""

    def __init__(self, pages: Pages, reports: Reports, releases: Releases, guarded: Guarded) -> None:
        self._pages = pages
        self._reports = reports
        self._releases = releases
        self._guarded = guarded

    def routes(self) -> list[Route]:
        """Below /figures."""
        return [Route("/inside/reports/{name}", self._named)]

    async def _named(self, request: Request) -> HTMLResponse:
        asked, name = await self._guarded.asked(request), request.path_params["name"]
        if name not in self._reports.named:
            raise HTTPException(404)
        question = self._reports.due(name, asked.question)
        told, link = self._reports.answer(name, question), link_from(question)
        lines = [(line, shown(sheet_of(line), link=link) if line["rows"] else None) for line in told["lines"]]
        frozen = await self._frozen(told["period"])
        return self._pages.response(
            "named.html", report=told, lines=lines, pairs=question.pairs(), columns=TOLD, question=question, frozen=frozen
        )

    async def _frozen(self, period: dict[str, Any]) -> list[Frozen]:
        """What was frozen of its days, every version."""
        try:
            known = await self._releases.list_for(Audience.internal)
        except Problem as problem:
            raise page_of(problem) from None
        days = (period["from"], period["to"])
        return [one for one in known if (one.said["period"]["from"], one.said["period"]["to"]) == days]
