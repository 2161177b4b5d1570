"""The ledger over HTTP, read-only: who was told of a referral, by role, and when. No address, no person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.notifications.notice import NoticeKind, NoticeStatus
from services.notifications.store import NoticeStore
from shared.mongo import UNAVAILABLE
from shared.problems import Problem, ProblemDetails, ProblemKind
from shared.vocabulary import NotificationChannel, StaffRole, Urgency


class LedgerEntry(BaseModel):
    """One notice. `about` is the routing event, `at` its time; `unsure`: the mail may have been sent more than once."""

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
    attempts: int
    unsure: bool
    due: datetime | None
    settled: datetime | None
    after_ms: int | None
    trouble: str | None


def entry(document: Mapping[str, Any]) -> LedgerEntry:
    """The part of a stored notice that is shown."""
    shown = {name: document.get(name) for name in LedgerEntry.model_fields}
    return LedgerEntry.model_validate(shown | {"id": document["_id"]})


def ledger_routes(store: NoticeStore) -> APIRouter:
    """`/api/v1/notices`."""
    router = APIRouter(prefix="/api/v1", responses={503: {"model": ProblemDetails, "description": "The database is away"}})

    @router.get("/notices", responses={422: {"model": ProblemDetails, "description": "The referral's id needs a change"}})
    async def notices(referral: Annotated[UUID, Query(description="the referral's id")]) -> list[LedgerEntry]:
        """Who was told of a referral, by role, and when; the oldest event first."""
        try:
            return [entry(document) for document in await store.ledger(referral)]
        except UNAVAILABLE:
            detail = "The ledger's database does not answer. Try again in a minute."
            raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "60"}) from None

    return router
