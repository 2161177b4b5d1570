"""The coded cases behind a figure, for the coordinator and analysts."""

from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pymongo.errors import PyMongoError

from services.reporting.behind.behind import CasesBehind
from services.reporting.behind.drill import COUNTED, TIMED
from services.reporting.extract.ledger import Busy
from services.reporting.index.sums import Basis
from services.reporting.measures import BY_NAME
from services.reporting.reports.access import guard
from services.reporting.reports.asked import QUESTION, Who, to_fix
from services.reporting.reports.question import Pairs, Unclear
from services.reporting.reports.report import NotLoaded
from shared.principal import Principal
from shared.problems import Problem, ProblemDetails, ProblemKind

_WORD: Final = {"type": "string"}
FIGURE: Final[list[dict[str, Any]]] = [
    {"name": "measure", "in": "query", "required": True, "schema": _WORD | {"enum": [*BY_NAME]}},
    {"name": "row", "in": "query", "description": "a term for each of the measure's `by`, in this order", "schema": _WORD},
    {"name": "column", "in": "query", "schema": _WORD | {"enum": [*COUNTED[Basis.event], *TIMED]}},
    {"name": "after", "in": "query", "description": "what an earlier answer said in `next`", "schema": _WORD},
]


async def cases_of(behind: CasesBehind | None, pairs: Pairs, who: Principal) -> dict[str, Any]:
    """What the use case answers, its faults as a Problem."""
    if behind is None:
        raise Problem(ProblemKind.unavailable, "Cases cannot be looked at here: EXTRACT_SECRET_FILE is missing.")
    try:
        return await behind.answer(pairs, who)
    except Unclear as unclear:
        raise to_fix(unclear) from None
    except (NotLoaded, PyMongoError, Busy):
        detail = "The cases are still being read, or their database does not answer. Try again in a minute."
        raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None


def case_routes(behind: CasesBehind | None, who: Who) -> APIRouter:
    """`/api/v1/report/cases`."""
    problems = {401: "No token", 403: "Another role", 422: "The question needs a change", 503: "Not now"}
    responses: dict[int | str, dict[str, Any]] = {
        code: {"model": ProblemDetails, "description": text} for code, text in problems.items()
    }
    router = APIRouter(prefix="/api/v1/report", responses=responses)
    inside = Depends(guard(who))

    @router.get("/cases", openapi_extra={"parameters": [*QUESTION, *FIGURE]})
    async def cases(request: Request, who: Principal = inside) -> JSONResponse:
        """The coded cases behind a figure, 50 at a time. The ledger has it before they are shown."""
        return JSONResponse(await cases_of(behind, request.query_params.multi_items(), who))

    return router
