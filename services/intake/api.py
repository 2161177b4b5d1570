"""The HTTP interface for taking referrals."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from services.intake import metrics
from services.intake.contact import Contact, next_steps
from services.intake.openapi import RECEIVE
from services.intake.parsing import parse
from services.intake.provider.api import Sender
from services.intake.usecases import KeyReused, Received, ReceiveReferral
from shared.body import read_json
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.problems import Problem, ProblemKind

log = structlog.get_logger(__name__)
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=16,
        max_length=64,
        pattern="^[!-~]+$",
        description="Choose a new one for each referral, for example a random UUID, and send the same one when you try again: "
        "the referral is then taken once. Visible ASCII characters without spaces.",
    ),
]


class Receipt(BaseModel):
    """A referral that is stored safely."""

    referral_id: UUID
    receipt_code: str = Field(pattern="^[0-9]{4}(-[0-9]{4}){3}$", description="to come back with; nobody can give it out again")
    next: list[str] = Field(description="what to do and expect now, in plain words")


def referral_routes(
    receive: ReceiveReferral, sender: Sender, *, agencies: Collection[str], contact: Contact, clock: Clock, limit: int
) -> APIRouter:
    """POST /api/v1/referrals."""
    router = APIRouter(prefix="/api/v1", tags=["referrals"])

    @router.post("/referrals", **RECEIVE, response_model=Receipt)
    async def receive_referral(
        request: Request, sent_by: Annotated[str | None, Depends(sender)], idempotency_key: IdempotencyKey = None
    ) -> Response:
        with metrics.ANSWER_SECONDS.time():
            body = await read_json(request, limit)
            submission = parse(body, agencies, clock().year)
            try:
                received = await receive(submission, body, idempotency_key, sent_by)
            except Unavailable as error:
                log.warning("referral_refused", why=str(error))
                raise unavailable(contact) from None
            except KeyReused:
                raise _key_reused() from None
            return _accepted(received, contact)

    return router


def unavailable(contact: Contact) -> Problem:
    """The database is away, or did not say in time that it has the referral."""
    detail = (
        "We could not make sure that your referral is stored. Send it again in a moment with the same Idempotency-Key, or: "
    )
    return Problem(ProblemKind.unavailable, detail + contact.instead, members=contact.members(), headers={"Retry-After": "15"})


def failed(contact: Contact) -> Problem:
    """What is answered to an error that nobody expected."""
    return Problem(ProblemKind.internal, "Your referral may not be stored. " + contact.instead, members=contact.members())


def _key_reused() -> Problem:
    return Problem(ProblemKind.key_reused, "Use a new Idempotency-Key for a new referral, or send the first body unchanged.")


def _accepted(received: Received, contact: Contact) -> Response:
    receipt = Receipt(
        referral_id=received.referral, receipt_code=received.receipt_code, next=next_steps(received.facts, contact)
    )
    return Response(receipt.model_dump_json(), 202, media_type="application/json")
