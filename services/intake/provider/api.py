"""The routes for systems that sign in: who sends a referral, and what became of one that was sent."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.intake.access.store import Standings
from services.intake.openapi import STATUS
from services.intake.provider.progress import Progress, progress
from services.intake.store import ReferralStore
from shared.delivery.errors import Unavailable
from shared.identity import SignedIn
from shared.mongo import UNAVAILABLE
from shared.principal import Scope
from shared.problems import Problem, ProblemKind

Sender = Callable[[Request], Awaitable[str | None]]


class StatusAnswer(BaseModel):
    """How far a referral is."""

    referral_id: UUID
    status: Progress = Field(description="received, offered (an agency was asked to act), in_progress (one acts), ended")


def allowed(signed_in: SignedIn, scope: Scope) -> Callable[[Request], Awaitable[str]]:
    """A dependency: the id of the system that asks, whose token has the scope."""

    async def system(request: Request) -> str:
        principal = await signed_in(request)
        if scope not in principal.scopes:
            raise Problem(ProblemKind.forbidden, f"Ask for a token with the scope {scope}.")
        return principal.subject

    return system


def sender(signed_in: SignedIn) -> Sender:
    """A dependency: the system that sends, or None for somebody without a token: everybody may send a referral."""
    system = allowed(signed_in, Scope.send)

    async def who(request: Request) -> str | None:
        return await system(request) if "authorization" in request.headers else None

    return who


def provider_routes(referrals: ReferralStore, standings: Standings, signed_in: SignedIn) -> APIRouter:
    """GET /api/v1/referrals/ID/status."""
    router = APIRouter(prefix="/api/v1/referrals", tags=["referrals"])
    system = Depends(allowed(signed_in, Scope.status))

    @router.get("/{referral_id}/status", **STATUS, response_model=StatusAnswer)
    async def status(referral_id: UUID, asks: str = system) -> StatusAnswer:
        try:
            sent_by = await referrals.sender(str(referral_id))
            standing = (await standings.load([str(referral_id)]))[str(referral_id)]
        except (Unavailable, *UNAVAILABLE):
            detail = "The database does not answer. Try again in a moment."
            raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None
        if sent_by != asks:
            raise Problem(ProblemKind.not_found, "There is no referral with this id that you sent.")
        return StatusAnswer(referral_id=referral_id, status=progress(standing))

    return router
