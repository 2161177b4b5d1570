"""The dashboard of true counts: an overview, a page for each topic, groups beside one another."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from services.reporting.exports.charts import bars
from services.reporting.exports.sheets import sheets
from services.reporting.exports.words import figure, term
from services.reporting.figures.facets import FACETS
from services.reporting.measures import TOPICS
from services.reporting.pages.filters import comparison, selects
from services.reporting.pages.guarded import Asked, Guarded, link_from
from services.reporting.pages.shown import Shown, shown
from services.reporting.reports.cut import COLUMNS
from services.reporting.reports.question import Question
from services.reporting.reports.report import Reports
from shared.pages import Pages

FIRST = ("received", "funnel", "unassigned", "received_to_contacted", "received_to_served", "closure")
"""What the overview shows of all measures."""


class InsidePages:
    """Pages for the coordinator and analysts. What is asked for stands in the address, as for the API."""

    def __init__(self, pages: Pages, reports: Reports, guarded: Guarded) -> None:
        self._pages = pages
        self._reports = reports
        self._guarded = guarded

    def routes(self) -> list[Route]:
        """Below /figures."""
        return [
            Route("/inside/", self._overview),
            Route("/inside/groups", self._groups),
            Route("/inside/{topic}", self._topic),
        ]

    async def _overview(self, request: Request) -> HTMLResponse:
        asked = await self._guarded.asked(request)
        trend = [row for row in self._reports.trend(asked.question)["months"] if row["what"] == "received"]
        months = bars([(row["month"].removeprefix("CY"), row["total"]) for row in trend])
        return self._show("overview.html", request, asked, measures=self._measures(asked, FIRST), months=months)

    async def _topic(self, request: Request) -> HTMLResponse:
        topic, asked = request.path_params["topic"], await self._guarded.asked(request)
        if topic not in TOPICS:
            raise HTTPException(404)
        names = tuple(measure.name for measure in TOPICS[topic])
        return self._show("topic.html", request, asked, topic=topic, measures=self._measures(asked, names))

    async def _groups(self, request: Request) -> HTMLResponse:
        asked = await self._guarded.asked(request)
        groups = self._reports.equity(asked.question)["groups"]
        tables = [(FACETS[name], [_group(name, row) for row in rows]) for name, rows in groups.items()]
        return self._show("groups.html", request, asked, tables=tables, measures=[])

    def _measures(self, asked: Asked, names: tuple[str, ...]) -> list[Shown]:
        was = self._sheets(asked.earlier, names) if asked.earlier else {}
        now = self._sheets(asked.question, names)
        return [shown(now[name], was.get(name), link_from(asked.question)) for name in names if name in now]

    def _sheets(self, question: Question, names: tuple[str, ...]) -> Mapping[str, Any]:
        return {sheet.name: sheet for sheet in sheets(self._reports.content(question, "", names))}

    def _show(self, page: str, request: Request, asked: Asked, **values: Any) -> HTMLResponse:
        today, period = self._reports.today(), request.query_params.get("period", "")
        return self._pages.response(
            page,
            question=asked.question,
            query=str(request.query_params),
            pairs=asked.pairs,
            period=period,
            selects=[*selects(asked.question, period, today), comparison(asked.compare, today)],
            compared=asked.earlier,
            columns=COLUMNS,
            topics=list(TOPICS),
            named=list(self._reports.named.values()),
            as_of=self._reports.as_of(),
            **values,
        )


def _group(name: str, row: Mapping[str, Any]) -> list[str]:
    """A row of the page: each share with what it is out of, and with its interval."""
    shares = [_share(one) for one in row.values() if isinstance(one, dict) and "share" in one]
    waited = row["time_to_first_service"]
    return [term(row[name]), figure(row["referrals"]), *shares, figure(waited["median"], "seconds", column="median")]


def _share(one: Mapping[str, Any]) -> str:
    told = f"{one['count']:,} of {one['of']:,}"
    return told if one["share"] is None else f"{told}: {one['share']:.0%} ({one['low']:.0%} to {one['high']:.0%})"
