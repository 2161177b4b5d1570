"""The JSON API, for the inside only: it listens on loopback and shows true counts."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pymongo.errors import PyMongoError

from services.reporting.period import Period
from services.reporting.report import AUDIENCE, Reports, describe_measures
from shared.fixes import own_fix
from shared.problems import Problem, ProblemDetails, ProblemKind

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def _plain_day(value: Any) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if EARLIEST <= day <= LATEST:
                return day
    raise own_fix(f"give a date that exists, as YYYY-MM-DD, from {EARLIEST} to {LATEST}")


Day = Annotated[date, BeforeValidator(_plain_day)]


class PeriodQuery(BaseModel):
    """The days of receipt to report on, both included."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    first: Day | None = Field(None, alias="from", description="first day of receipt, local time; all from the start without it")
    last: Day | None = Field(None, alias="to", description="last day of receipt, local time; all until now without it")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.first > self.last:
            raise own_fix("give a `from` that is not after `to`")
        return self


def report_routes(reports: Reports, zone: ZoneInfo) -> APIRouter:
    """`/api/v1/report` and `/api/v1/measures`."""
    router = APIRouter(prefix="/api/v1", responses={503: {"model": ProblemDetails, "description": "The database is away"}})

    @router.get("/report", responses={422: {"model": ProblemDetails, "description": "The period needs a change"}})
    async def report(period: Annotated[PeriodQuery, Query()]) -> JSONResponse:
        """Every figure of the referrals received in a period."""
        return JSONResponse(await _answer(lambda: reports.report(Period(period.first, period.last, zone))))

    @router.get("/measures")
    async def measures() -> JSONResponse:
        """What each measure counts, of what, and from which events."""
        return JSONResponse({"audience": AUDIENCE, "measures": describe_measures()})

    return router


async def _answer(work: Callable[[], Awaitable[Mapping[str, Any]]]) -> Mapping[str, Any]:
    """Once more where a rebuild put new cases in place under our cursor; then, or without a database, a problem."""
    for _ in range(2):
        try:
            return await work()
        except PyMongoError as error:
            last = error
    detail = "The figures' database does not answer. Try again in a minute."
    raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "60"}) from last
