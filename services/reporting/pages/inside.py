"""The dashboard of true counts: an overview, a page for each topic, groups beside one another."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from services.reporting.access import guard
from services.reporting.asked import Who
from services.reporting.facets import FACETS
from services.reporting.measures import TOPICS
from services.reporting.pages.filters import selects
from services.reporting.pages.shown import Shown, bars, shown
from services.reporting.question import Question, Unclear, ask
from services.reporting.report import Reports
from services.reporting.sheets import sheet_of, sheets
from services.reporting.words import figure, term
from shared.pages import Pages
from shared.problems import Problem

FIRST = ("received", "funnel", "unassigned", "received_to_contacted", "received_to_served", "closure")
"""What the overview shows of all measures."""


class InsidePages:
    """Pages for the coordinator and analysts. What is asked for stands in the address, as for the API."""

    def __init__(self, pages: Pages, reports: Reports, who: Who) -> None:
        self._pages = pages
        self._reports = reports
        self._guard = guard(who)

    def routes(self) -> list[Route]:
        """Below /figures."""
        return [
            Route("/inside/", self._overview),
            Route("/inside/groups", self._groups),
            Route("/inside/reports/{name}", self._named),
            Route("/inside/{topic}", self._topic),
        ]

    async def _overview(self, request: Request) -> HTMLResponse:
        question = await self._asked(request)
        trend = [row for row in self._reports.trend(question)["months"] if row["what"] == "received"]
        months = bars([(row["month"].removeprefix("CY"), row["total"]) for row in trend])
        return self._show("overview.html", request, question, measures=self._measures(question, FIRST), months=months)

    async def _topic(self, request: Request) -> HTMLResponse:
        topic, question = request.path_params["topic"], await self._asked(request)
        if topic not in TOPICS:
            raise HTTPException(404)
        names = tuple(measure.name for measure in TOPICS[topic])
        earlier = self._earlier(request, question)
        return self._show(
            "topic.html", request, question, topic=topic, measures=self._measures(question, names, earlier), compared=earlier
        )

    async def _groups(self, request: Request) -> HTMLResponse:
        question = await self._asked(request)
        groups = self._reports.equity(question)["groups"]
        tables = [(FACETS[name], [_group(name, row) for row in rows]) for name, rows in groups.items()]
        return self._show("groups.html", request, question, tables=tables)

    async def _named(self, request: Request) -> HTMLResponse:
        question, name = await self._asked(request), request.path_params["name"]
        if name not in self._reports.named:
            raise HTTPException(404)
        told = self._reports.answer(name, question)
        lines = [(line, shown(sheet_of(line)) if line["rows"] else None) for line in told["lines"]]
        return self._pages.response("named.html", report=told, lines=lines)

    async def _asked(self, request: Request) -> Question:
        try:
            await self._guard(request)
            asked = ask(_without_compare(request), self._reports.zone)
        except Problem as problem:
            raise HTTPException(problem.kind.status, headers=problem.headers) from None
        except Unclear:
            raise HTTPException(422) from None
        if not self._reports.loaded:
            raise HTTPException(503, headers={"Retry-After": "15"})
        return asked

    def _earlier(self, request: Request, question: Question) -> Question | None:
        """The same of as many days before, where that is asked for and there are any."""
        period = question.period.before()
        asked = "compare" in request.query_params and period is not None
        return Question(period, question.basis, question.facets) if asked and period else None

    def _measures(self, question: Question, names: tuple[str, ...], earlier: Question | None = None) -> list[Shown]:
        was = self._sheets(earlier, names) if earlier else {}
        now = self._sheets(question, names)
        return [shown(now[name], was.get(name)) for name in names if name in now]

    def _sheets(self, question: Question, names: tuple[str, ...]) -> Mapping[str, Any]:
        return {sheet.name: sheet for sheet in sheets(self._reports.content(question, "", names))}

    def _show(self, page: str, request: Request, question: Question, **values: Any) -> HTMLResponse:
        as_of = self._reports.as_of()
        today = self._reports.today()
        period = request.query_params.get("period", "")
        return self._pages.response(
            page,
            question=question,
            query=str(request.query_params),
            export=urlencode(_without_compare(request)),
            selects=selects(question, period, today),
            topics=list(TOPICS),
            named=list(self._reports.named.values()),
            as_of=as_of,
            period=period,
            **values,
        )


def _without_compare(request: Request) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.query_params.multi_items() if name != "compare"]


def _group(name: str, row: Mapping[str, Any]) -> list[str]:
    """A row of the page: each share with what it is out of, and with its interval."""
    shares = [_share(one) for one in row.values() if isinstance(one, dict) and "share" in one]
    waited = row["time_to_first_service"]
    return [term(row[name]), figure(row["referrals"]), *shares, figure(waited["median"], "seconds", column="median")]


def _share(one: Mapping[str, Any]) -> str:
    told = f"{one['count']:,} of {one['of']:,}"
    return told if one["share"] is None else f"{told}: {one['share']:.0%} ({one['low']:.0%} to {one['high']:.0%})"
