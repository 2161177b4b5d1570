"""The JSON API of true counts: for the coordinator and analysts, by their tokens."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from services.reporting.access import guard
from services.reporting.exports import FORMATS
from services.reporting.facets import FACETS, Facet
from services.reporting.measures import BY_NAME
from services.reporting.question import Question, Unclear, ask
from services.reporting.report import NotLoaded, Reports, describe_measures
from services.reporting.sums import Basis
from shared.principal import Principal
from shared.problems import Fix, Problem, ProblemDetails, ProblemKind

Who = Callable[[Request], Awaitable[Principal]]
_DAY = {"type": "string", "format": "date"}


def _several(facet: Facet) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": [*facet.terms]}}


_PARAMETERS: list[dict[str, Any]] = [
    {"name": "period", "in": "query", "description": "like FY2026, FY2026-Q1, CY2026-01", "schema": {"type": "string"}},
    {"name": "from", "in": "query", "description": "first day, local time; all from the start without it", "schema": _DAY},
    {"name": "to", "in": "query", "description": "last day, local time; all until now without it", "schema": _DAY},
    {"name": "counted_by", "in": "query", "schema": {"type": "string", "enum": [str(basis) for basis in Basis]}},
    *({"name": name, "in": "query", "description": f.title, "schema": _several(f)} for name, f in FACETS.items()),
]


def question_of(request: Request, reports: Reports) -> Question:
    """What the address asks for. Problem where that makes no sense."""
    try:
        return ask(request.query_params.multi_items(), reports.zone)
    except Unclear as unclear:
        fixes = [Fix(field=field, fix=fix) for field, fix in unclear.fixes]
        raise Problem(ProblemKind.invalid, "Change what is listed and send it again.", errors=fixes) from None


def loaded(work: Callable[[Question], dict[str, Any]], question: Question) -> dict[str, Any]:
    """What was worked out. Problem while the cases are still being read."""
    try:
        return work(question)
    except NotLoaded:
        detail = "The cases are still being read. Try again in a minute."
        raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None


def report_routes(reports: Reports, who: Who) -> APIRouter:
    """`/api/v1/report`, `/equity`, `/trend` and, for everybody, `/measures`."""
    problems = {401: "No token", 403: "Another role", 422: "The question needs a change", 503: "Not now"}
    router = APIRouter(
        prefix="/api/v1", responses={code: {"model": ProblemDetails, "description": text} for code, text in problems.items()}
    )
    inside = [Depends(guard(who))]
    asked = {"parameters": _PARAMETERS}

    @router.get("/report", dependencies=inside, openapi_extra=asked)
    async def report(request: Request) -> JSONResponse:
        """Every figure of a selection of referrals."""
        return JSONResponse(loaded(reports.report, question_of(request, reports)))

    @router.get("/report.{ending}", dependencies=inside, openapi_extra=asked)
    async def export(request: Request, ending: str) -> Response:
        """The same as CSV, XLSX or PDF."""
        if ending not in FORMATS:
            raise Problem(ProblemKind.not_found, f"Reports end in one of {', '.join(FORMATS)}.")
        period = request.query_params.get("period", "")
        content = loaded(lambda question: reports.content(question, period), question_of(request, reports))
        made = await asyncio.to_thread(FORMATS[ending].make, content, datetime.fromisoformat(content["as_of"]["now"]))
        headers = {"Content-Disposition": f'inline; filename="report.{ending}"'}
        return Response(made, media_type=FORMATS[ending].media_type, headers=headers)

    @router.get("/reports", dependencies=inside)
    async def named() -> JSONResponse:
        """The reports that somebody waits for."""
        told = [{"name": one.name, "title": one.title, "every": one.every} for one in reports.named.values()]
        return JSONResponse({"reports": told})

    @router.get("/reports/{name}", dependencies=inside, openapi_extra=asked)
    async def answer(request: Request, name: str) -> JSONResponse:
        """One of them: each line with the figures that answer it. The last period that is over, unless another is asked for."""
        if name not in reports.named:
            raise Problem(ProblemKind.not_found, "There is no report of this name. /api/v1/reports lists them.")
        return JSONResponse(loaded(lambda question: reports.answer(name, question), question_of(request, reports)))

    @router.get("/equity", dependencies=inside, openapi_extra=asked)
    async def equity(request: Request) -> JSONResponse:
        """Access, waiting and outcomes of the groups beside one another, by receipt."""
        return JSONResponse(loaded(reports.equity, question_of(request, reports)))

    @router.get("/trend", dependencies=inside, openapi_extra=asked)
    async def trend(request: Request) -> JSONResponse:
        """What happened from month to month."""
        return JSONResponse(loaded(reports.trend, question_of(request, reports)))

    @router.get("/measures")
    async def measures() -> JSONResponse:
        """What each measure counts, of what, and from which events."""
        return JSONResponse({"measures": describe_measures(BY_NAME)})

    return router
