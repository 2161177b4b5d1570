"""GET /api/v1/referrals/ID/details: what `dataref` in an agency's events points to."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from services.intake.access.grants import Purpose
from services.intake.access.permission import HeldBack, Reader, Unseen
from services.intake.access.usecases import ReadDetails
from services.intake.details import Details
from services.intake.openapi import READ
from services.intake.vault.vault import Destroyed, Unreadable
from shared.agencies import Agencies
from shared.delivery.errors import Unavailable
from shared.identity import SignedIn
from shared.mongo import UNAVAILABLE
from shared.principal import Role
from shared.problems import Problem, ProblemKind

T = TypeVar("T")
READERS = (Role.coordinator, Role.supervisor, Role.staff)
"""Those who work on referrals, the one that counts first."""


class DetailsAnswer(BaseModel):
    """What the reader may have. Every field that was not told, or is withheld, is left out."""

    referral_id: UUID
    details: Details
    withheld: bool = Field(description="whether more was told than this reader may have; the coordinator knows why")


def reader_of(
    agencies: Agencies,
    signed_in: SignedIn,
    roles: Sequence[Role] = READERS,
    refusal: str = "Details are for coordinators, supervisors and agencies' staff.",
) -> Callable[[Request], Awaitable[Reader]]:
    """A dependency: who reads, by the first of `roles` they have. Whoever has none, or works on no referral, is refused."""
    kinds = {agency.id: agency.kind for agency in agencies.taking_part}

    async def reader(request: Request) -> Reader:
        principal = await signed_in(request)
        role = next((role for role in roles if role in principal.roles), None)
        agency = agencies.coordinator if role is Role.coordinator else principal.agency
        if role is None or agency not in kinds:
            raise Problem(ProblemKind.forbidden, refusal)
        return Reader(principal.subject, role, agency, kinds[agency])

    return reader


def details_routes(read: ReadDetails, reader: Callable[[Request], Awaitable[Reader]]) -> APIRouter:
    """The route. It is guarded, and each request leaves an entry in the audit before it is answered."""
    router = APIRouter(prefix="/api/v1/referrals", tags=["details"])

    @router.get("/{referral_id}/details", **READ, response_model=DetailsAnswer, response_model_exclude_unset=True)
    async def details(
        referral_id: UUID,
        purpose: Annotated[Purpose, Query(description="what they are needed for; it is written down with the reading")],
        who: Annotated[Reader, Depends(reader)],
    ) -> dict[str, Any]:
        given = await answered(read(who, referral_id, purpose))
        return {"referral_id": referral_id, "details": given.details, "withheld": given.withheld}

    return router


async def answered(reading: Awaitable[T]) -> T:
    """What was read; every reason why it cannot be as a problem."""
    try:
        return await reading
    except Unseen:
        detail = "There is no referral with this id that is assigned to your agency now."
        raise Problem(ProblemKind.not_found, detail) from None
    except Destroyed:
        raise Problem(ProblemKind.gone, "The details of this referral were destroyed when their time was over.") from None
    except Unreadable:
        raise Problem(ProblemKind.internal, "The details cannot be decrypted. Tell the coordinator at once.") from None
    except HeldBack:
        detail = "It is not certain who is assigned to this referral at the moment. Ask the coordinator."
        raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "60"}) from None
    except (Unavailable, *UNAVAILABLE):
        detail = "The database does not answer. Try again in a moment."
        raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None
