"""Extracts for named partners: `/api/v1/extracts`."""

from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pymongo.errors import PyMongoError

from services.reporting import metrics
from services.reporting.extract.ledger import Busy
from services.reporting.extract.lines import FORMATS
from services.reporting.extract.mapping import RECORD
from services.reporting.extract.order import Desk
from services.reporting.extract.partners import Partner, Partners
from services.reporting.extract.taking import Extracts
from services.reporting.reports.asked import Who, to_fix
from services.reporting.reports.question import Unclear
from shared.principal import Principal, Role
from shared.problems import Problem, ProblemDetails, ProblemKind

ANSWERS: Final = {401: "No token", 403: "No partner's", 404: "No such format", 422: "The order needs a change", 503: "Not now"}
_PARAMETERS: Final[list[dict[str, Any]]] = [
    {"name": "purpose", "in": "query", "required": True, "schema": {"type": "string"}, "description": "what it is for"},
    {
        "name": "column",
        "in": "query",
        "description": "only these fields; all that the partner may have without it",
        "schema": {"type": "array", "items": {"type": "string"}},
    },
]


class Guests:
    """Who may take what: by the role `partner` in the token, and by name in partners.yaml."""

    def __init__(self, partners: Partners, who: Who) -> None:
        self._partners = partners
        self._who = who

    async def __call__(self, request: Request) -> tuple[Partner, Principal]:
        """The partner, and who asks for it. Problem for anybody else."""
        principal = await self._who(request)
        partner = self._partners.of(principal.subject)
        if Role.partner not in principal.roles or partner is None:
            metrics.EXTRACTS.labels("refused").inc()
            raise Problem(ProblemKind.forbidden, "Extracts are for partners that the taskforce has named.")
        return partner, principal


def extract_routes(extracts: Extracts | None, partners: Partners, desk: Desk, who: Who) -> APIRouter:
    """What a partner may take, and the extracts. `extracts`: None where there is no secret for pseudonyms."""
    responses: dict[int | str, dict[str, Any]] = {
        code: {"model": ProblemDetails, "description": text} for code, text in ANSWERS.items()
    }
    router = APIRouter(prefix="/api/v1/extracts", responses=responses)
    guest = Depends(Guests(partners, who))

    @router.get("")
    async def offered(guest: tuple[Partner, Principal] = guest) -> JSONResponse:
        """What the partner who asks may take."""
        partner, _ = guest
        told = {"partner": partner.id, "name": partner.name, "every": partner.every, "k": partner.k}
        record = {"field": RECORD, "says": "Stands for a referral: the same in every extract of yours.", "several": False}
        described = [record, *(one.describe() for one in desk.theirs(partner))]
        return JSONResponse(told | {"purposes": partner.purposes, "formats": [*FORMATS], "fields": described})

    @router.get("/{name}", openapi_extra={"parameters": _PARAMETERS})
    async def take(request: Request, name: str, guest: tuple[Partner, Principal] = guest) -> Response:
        """The records of a period, like `FY2026-Q1.csv` or `.jsonl`. The ledger has it before the first byte goes out."""
        period, _, ending = name.partition(".")
        if ending not in FORMATS:
            raise Problem(ProblemKind.not_found, f"Extracts end in one of {', '.join(FORMATS)}.")
        if extracts is None:
            raise Problem(ProblemKind.unavailable, "Extracts are not set up here: EXTRACT_SECRET_FILE is missing.")
        partner, principal = guest
        try:
            order = desk.order(partner, principal.subject, period, request.query_params.multi_items())
        except Unclear as unclear:
            raise to_fix(unclear) from None
        stream = await _begun(extracts.stream(order, ending))
        headers = {"Content-Disposition": f'attachment; filename="{partner.id}-{period}.{ending}"'}
        return StreamingResponse(stream, media_type=FORMATS[ending].media_type, headers=headers)

    return router


async def _begun(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The stream, its entry in the ledger. Problem where that cannot be."""
    try:
        head = await anext(stream)
    except (PyMongoError, Busy):
        detail = "The figures' database does not answer, or is busy. Nothing was taken; try again in a minute."
        raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "60"}) from None
    metrics.EXTRACTS.labels("taken").inc()

    async def whole() -> AsyncIterator[bytes]:
        yield head
        async for some in stream:
            yield some

    return whole()
