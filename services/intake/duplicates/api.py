"""GET /api/v1/referrals/ID/duplicates: for the coordinator, who links what is the same (routing's desk), or does not."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.intake.audit.deed import Deed
from services.intake.audit.deed import Kind as AuditKind
from services.intake.audit.store import Audit
from services.intake.duplicates.store import Duplicates
from services.intake.duplicates.traits import Kind
from services.intake.openapi import DUPLICATES
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.identity import SignedIn
from shared.mongo import UNAVAILABLE
from shared.principal import Principal, Role
from shared.problems import Problem, ProblemKind


class Duplicate(BaseModel):
    """A referral that may tell of the same person."""

    referral_id: UUID
    score: float = Field(ge=0, le=1, description="how likely it is; 1 is certain")
    reasons: list[Kind] = Field(description="what both tell alike, the strongest first")


class DuplicatesAnswer(BaseModel):
    """All that are likely, the likeliest first."""

    referral_id: UUID
    duplicates: list[Duplicate]


def duplicate_routes(duplicates: Duplicates, audit: Audit, signed_in: SignedIn, clock: Clock) -> APIRouter:
    """The route. Looking is written down before it is answered, as the answer is drawn from people's details."""
    router = APIRouter(prefix="/api/v1/referrals", tags=["details"])

    async def coordinator(request: Request) -> Principal:
        principal = await signed_in(request)
        if Role.coordinator not in principal.roles:
            raise Problem(ProblemKind.forbidden, "Possible duplicates are for the coordinator.")
        return principal

    @router.get("/{referral_id}/duplicates", **DUPLICATES, response_model=DuplicatesAnswer)
    async def likely(referral_id: UUID, who: Principal = Depends(coordinator)) -> DuplicatesAnswer:  # noqa: B008  # as FastAPI has it
        role = Role.coordinator
        deed = Deed(clock(), AuditKind.duplicates_read, str(referral_id), who.subject, role, role, "coordination")
        try:
            await audit.append(deed)
            found = await duplicates.like(str(referral_id))
        except (Unavailable, *UNAVAILABLE):
            detail = "The database does not answer. Try again in a moment."
            raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None
        shown = [Duplicate(referral_id=one.referral, score=one.score, reasons=list(one.reasons)) for one in found]
        return DuplicatesAnswer(referral_id=referral_id, duplicates=shown)

    return router
