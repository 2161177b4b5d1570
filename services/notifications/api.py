"""The ledger over HTTP, read-only: who was told of a referral, by role, and when. No address, no person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.notifications.notice import NoticeKind, NoticeStatus
from services.notifications.store import NoticeStore
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


def add_ledger(http: FastAPI, store: NoticeStore) -> None:
    """Adds `GET /api/v1/notices`."""
    router = APIRouter(prefix="/api/v1")

    @router.get("/notices")
    async def notices(referral: Annotated[UUID, Query(description="the referral's id")]) -> list[LedgerEntry]:
        return [entry(document) for document in await store.ledger(referral)]

    http.include_router(router)
    http.add_exception_handler(RequestValidationError, _not_a_referral)


async def _not_a_referral(_: Request, __: Exception) -> JSONResponse:
    """RFC 9457. Says what to do and repeats nothing of what was sent."""
    problem = {"type": "about:blank", "title": "Give referral=ID, the referral's id as a UUID.", "status": 422}
    return JSONResponse(problem, 422, media_type="application/problem+json")
