"""Frozen figures: true ones for the inside, releases for partners and the public."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pymongo.errors import PyMongoError

from services.reporting.exports.exported import exported
from services.reporting.release.archive import Archive, Frozen
from services.reporting.release.differences import changes_of
from services.reporting.reports.access import Audience, audience, guard
from services.reporting.reports.asked import CUT, Who, cut_of
from services.reporting.reports.cut import Cut
from services.reporting.reports.report import Reports
from shared.problems import Problem, ProblemDetails, ProblemKind

Version = Annotated[int | None, Query(ge=1, le=9999, description="which version; the newest without it")]


class Releases:
    """What an audience may have. Problem where there is no such thing, or no database."""

    def __init__(self, archive: Archive, who: Who) -> None:
        self._archive = archive
        self._who = who

    async def audience_of(self, request: Request) -> Audience:
        """Who asks; without a token, the public."""
        return audience(await self._who(request) if "authorization" in request.headers else None)

    async def list_for(self, whom: Audience) -> list[Frozen]:
        """Every version, the oldest first."""
        try:
            return await self._archive.versions(whom)
        except PyMongoError:
            raise _away() from None

    async def one_for(self, whom: Audience, period: str, version: int | None) -> Frozen:
        """The version asked for, or the newest."""
        try:
            asked = self._archive.latest(period, whom) if version is None else self._archive.version(period, whom, version)
            found = await asked
        except PyMongoError:
            raise _away() from None
        if found is None:
            raise Problem(
                ProblemKind.not_found, "There is no such release for you. /api/v1/releases lists those that there are."
            )
        return found


def _away() -> Problem:
    detail = "The figures' database does not answer. Try again in a minute."
    return Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "60"})


def release_routes(releases: Releases, reports: Reports, who: Who) -> APIRouter:
    """`/api/v1/releases`, and each of them as JSON, CSV, XLSX or PDF."""
    problems = {401: "A token that proves nothing", 404: "No such release", 503: "Not now"}
    described: dict[int | str, dict[str, Any]] = {
        code: {"model": ProblemDetails, "description": text} for code, text in problems.items()
    }
    router = APIRouter(prefix="/api/v1/releases", responses=described)
    whom = Depends(releases.audience_of)

    @router.get("")
    async def every(whom: Audience = whom) -> JSONResponse:
        """What was frozen for whoever asks, and what each version changed."""
        return JSONResponse({"releases": [one.about() for one in await releases.list_for(whom)]})

    @router.get("/{name}", openapi_extra={"parameters": CUT})
    async def one(request: Request, name: str, whom: Audience = whom, version: Version = None) -> Response:
        """One release: `FY2026-Q1` or `FY2026-Q1.json` as it was frozen, `.csv`, `.xlsx` and `.pdf` made from that."""
        period, _, ending = name.partition(".")
        cut, _ = cut_of(request)
        frozen = await releases.one_for(whom, period, version)
        answer = await exported(frozen.said, cut, ending or "json", frozen.frozen_at, period)
        if cut == Cut():
            answer.headers["ETag"] = f'"{frozen.sha256}"'
        return answer

    inside = APIRouter(dependencies=[Depends(guard(who))])
    _add_frozen(inside, releases, reports)
    router.include_router(inside)
    return router


def _add_frozen(router: APIRouter, releases: Releases, reports: Reports) -> None:
    """What the inside asks of frozen true figures."""

    @router.get("/{period}/changes")
    async def changes(period: str) -> JSONResponse:
        """What differs by now from the newest frozen version: late events and corrections, for the inside."""
        frozen = await releases.one_for(Audience.internal, period, None)
        if not reports.loaded:
            raise _away()
        since = {"period": period, "version": frozen.version, "frozen_at": frozen.frozen_at.isoformat(), **reports.as_of()}
        return JSONResponse(since | {"changes": changes_of(frozen.said, reports.snapshot(period))})

    @router.get("/{period}/reports/{name}", openapi_extra={"parameters": CUT})
    async def report(request: Request, period: str, name: str, version: Version = None) -> Response:
        """A report that somebody waits for, from frozen true figures: the same bytes each time (`.csv`, `.xlsx`, `.pdf`)."""
        name, _, ending = name.partition(".")
        if name not in reports.named:
            raise Problem(ProblemKind.not_found, "There is no report of this name. /api/v1/reports lists them.")
        cut, _ = cut_of(request)
        frozen = await releases.one_for(Audience.internal, period, version)
        content = reports.frozen_answer(name, frozen.said)
        return await exported(content, cut, ending or "json", frozen.frozen_at, f"{name}-{period}")
