"""The ledger over HTTP, read-only: who was told of a referral, by role, and when. No address, no person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.notifications.ledger import Ledger
from services.notifications.notice import Form, NoticeKind, NoticeStatus
from shared.mongo import UNAVAILABLE
from shared.problems import Problem, ProblemDetails, ProblemKind
from shared.vocabulary import NotificationChannel, StaffRole, Urgency


class LedgerEntry(BaseModel):
    """One notice. `about` is the routing event, `at` its time; `unsure`: it may have been sent more than once.

    `step` of the escalation, 0 for what was told at once. `person`: the handle of who was on call. `stands_in`: the
    coordinator's desk took it, as nobody held the seat. `acknowledged`: when somebody pressed the button. `held`: why it
    waits, or waited, to be told with others, until `not_before`; `bundle`: the message that told of them.
    """

    id: UUID
    about: UUID
    at: datetime
    agency: str
    role: StaffRole
    kind: NoticeKind
    urgency: Urgency
    why: str
    channel: NotificationChannel
    status: NoticeStatus
    step: int = 0
    attempts: int
    unsure: bool
    person: str | None = None
    stands_in: bool = False
    acknowledged: datetime | None = None
    held: Form | None = None
    bundle: UUID | None = None
    not_before: datetime | None = None
    due: datetime | None
    settled: datetime | None
    after_ms: int | None
    trouble: str | None


_NOT_YET = ("due", "settled", "after_ms", "trouble")
"""What a notice has at some times only."""


def entry(document: Mapping[str, Any]) -> LedgerEntry:
    """The part of a stored notice that is shown."""
    shown = dict.fromkeys(_NOT_YET) | {name: document[name] for name in LedgerEntry.model_fields if name in document}
    return LedgerEntry.model_validate(shown | {"id": document["_id"]})


def ledger_routes(ledger: Ledger) -> APIRouter:
    """`/api/v1/notices`."""
    router = APIRouter(prefix="/api/v1", responses={503: {"model": ProblemDetails, "description": "The database is away"}})

    @router.get("/notices", responses={422: {"model": ProblemDetails, "description": "The referral's id needs a change"}})
    async def notices(referral: Annotated[UUID, Query(description="the referral's id")]) -> list[LedgerEntry]:
        """Who was told of a referral, by role, and when; the oldest event first."""
        try:
            return [entry(document) for document in await ledger.of(referral)]
        except UNAVAILABLE:
            detail = "The ledger's database does not answer. Try again in a minute."
            raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "60"}) from None

    return router
