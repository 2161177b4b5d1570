"""The JSON API of true counts: for the coordinator and analysts, by their tokens."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from services.reporting.exports.exported import exported
from services.reporting.measures import BY_NAME, describe_measures
from services.reporting.reports.access import guard
from services.reporting.reports.asked import CUT, QUESTION, Who, cut_of, loaded, question_of
from services.reporting.reports.report import Reports
from shared.problems import Problem, ProblemDetails, ProblemKind


def report_routes(reports: Reports, who: Who) -> APIRouter:
    """`/api/v1/report`, `/equity`, `/trend` and, for everybody, `/measures`."""
    problems = {401: "No token", 403: "Another role", 422: "The question needs a change", 503: "Not now"}
    router = APIRouter(
        prefix="/api/v1", responses={code: {"model": ProblemDetails, "description": text} for code, text in problems.items()}
    )
    inside = APIRouter(dependencies=[Depends(guard(who))])
    _add_selections(inside, reports)
    _add_named(inside, reports)
    router.include_router(inside)

    @router.get("/measures")
    async def measures() -> JSONResponse:
        """What each measure counts, of what, and from which events."""
        return JSONResponse({"measures": describe_measures(BY_NAME)})

    return router


def _add_selections(router: APIRouter, reports: Reports) -> None:
    """The figures of any selection of referrals."""
    asked = {"parameters": QUESTION}

    @router.get("/report", openapi_extra=asked)
    async def report(request: Request) -> JSONResponse:
        """Every figure of a selection of referrals."""
        return JSONResponse(loaded(reports.report, question_of(request.query_params.multi_items(), reports)))

    @router.get("/report.{ending}", openapi_extra={"parameters": [*QUESTION, *CUT]})
    async def export(request: Request, ending: str) -> Response:
        """The same as CSV, XLSX, PDF or JSON, wholly or what is chosen of it."""
        cut, rest = cut_of(request)
        period = request.query_params.get("period", "")
        content = loaded(lambda question: reports.content(question, period), question_of(rest, reports))
        return await exported(content, cut, ending, datetime.fromisoformat(content["as_of"]["now"]), "report")

    @router.get("/equity", openapi_extra=asked)
    async def equity(request: Request) -> JSONResponse:
        """Access, waiting and outcomes of the groups beside one another, by receipt."""
        return JSONResponse(loaded(reports.equity, question_of(request.query_params.multi_items(), reports)))

    @router.get("/trend", openapi_extra=asked)
    async def trend(request: Request) -> JSONResponse:
        """What happened from month to month."""
        return JSONResponse(loaded(reports.trend, question_of(request.query_params.multi_items(), reports)))


def _add_named(router: APIRouter, reports: Reports) -> None:
    """The reports of config/reports.yaml."""

    @router.get("/reports")
    async def named() -> JSONResponse:
        """The reports that somebody waits for."""
        told = [{"name": one.name, "title": one.title, "every": one.every} for one in reports.named.values()]
        return JSONResponse({"reports": told})

    @router.get("/reports/{name}", openapi_extra={"parameters": [*QUESTION, *CUT]})
    async def answer(request: Request, name: str) -> Response:
        """One of them: each line with the figures that answer it; `state-annual.csv`, `.xlsx`, `.pdf`, `.json` as a file.

        The last period that is over, unless another is asked for.
        """
        name, _, ending = name.partition(".")
        if name not in reports.named:
            raise Problem(ProblemKind.not_found, "There is no report of this name. /api/v1/reports lists them.")
        cut, rest = cut_of(request)
        content = loaded(lambda question: reports.answer(name, question), question_of(rest, reports))
        return await exported(content, cut, ending or "json", datetime.fromisoformat(content["as_of"]["now"]), name)
