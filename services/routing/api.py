"""The coded state of a referral over HTTP, to read only: for the demonstration and tests, on loopback.

It holds no person. There is no sign-in yet: do not open the port to others.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from services.routing.document import facts_from
from services.routing.rule_book import RuleBook
from services.routing.rules_in_force import RulesInForce
from services.routing.store import Document, Referrals

_NOT_FOUND = {
    "type": "about:blank",
    "title": "No such referral",
    "status": 404,
    "detail": "Routing has not seen a referral with this id. It may not have been published yet; try again in a moment.",
}


def referral_routes(referrals: Referrals, rules: RulesInForce) -> APIRouter:
    """`GET /api/v1/referrals/{id}`."""
    router = APIRouter(prefix="/api/v1")

    @router.get("/referrals/{referral_id}", summary="The coded state of one referral")
    async def state(referral_id: UUID) -> JSONResponse:
        document = (await referrals.load([referral_id])).get(referral_id)
        if document is None:
            return JSONResponse(_NOT_FOUND, 404, media_type="application/problem+json")
        return JSONResponse(
            _view(document, rules.book), headers={"ETag": f'"{document["version"]}"', "Cache-Control": "no-store"}
        )

    return router


def _view(document: Document, book: RuleBook) -> dict[str, Any]:
    """Times in ISO 8601, reasons with their sentences; event ids and pending events are left out."""
    return {
        "id": str(document["_id"]),
        "status": document["status"],
        "urgency": document["urgency"],
        "received": document["received"].isoformat(),
        "facts": facts_from(document).model_dump(mode="json"),
        "reasons": _explained(document["reasons"], book),
        "rules_version": document["rules_version"],
        "assignments": [
            {
                "agency": one["agency"],
                "role": one["role"],
                "status": one["status"],
                "since": one["since"].isoformat(),
                "reasons": _explained(one["reasons"], book),
                "completed": one.get("completed"),
            }
            for one in document["assignments"]
        ],
        "clocks": [
            {"clock": one["kind"], "agency": one.get("agency"), "due": one["due"].isoformat(), "missed": one.get("missed", 0)}
            for one in document["clocks"]
        ],
    }


def _explained(reasons: list[str], book: RuleBook) -> list[dict[str, str]]:
    return [
        {"rule": reason, "why": book.why.get(reason, "A rule that the rules in force no longer have.")} for reason in reasons
    ]
