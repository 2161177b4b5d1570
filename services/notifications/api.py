"""The ledger over HTTP, read-only: who was told of a referral, by role, when. No address, no person; to who is signed in."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from services.notifications.keeping.ledger import Ledger
from services.notifications.notices.notice import Form, NoticeKind, NoticeStatus
from services.notifications.oversight.readers import Reader, reader, shown_to
from shared.mongo import UNAVAILABLE
from shared.principal import Principal
from shared.problems import Problem, ProblemDetails, ProblemKind
from shared.vocabulary import NotificationChannel, StaffRole, Urgency


class LedgerEntry(BaseModel):
    """One notice. `about` is the routing event, `at` its time; `unsure`: it may have been sent more than once.

    `step` of the escalation, 0 for what was told at once. `person`: the handle of who was on call. `stands_in`: the
    coordinator's desk took it, as nobody held the seat. `acknowledged`: when somebody pressed the button. `lost`: when
    it showed that it did not arrive, though it was taken. `held`: why it
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
    lost: datetime | None = None
    held: Form | None = None
    bundle: UUID | None = None
    not_before: datetime | None = None
    due: datetime | None
    settled: datetime | None
    after_ms: int | None
    trouble: str | None


SignedIn = Callable[[Request], Awaitable[Principal]]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    401: {"model": ProblemDetails, "description": "No token, or one that proves nothing"},
    403: {"model": ProblemDetails, "description": "The ledger is for coordinators, supervisors and agencies' staff"},
    422: {"model": ProblemDetails, "description": "The referral's id needs a change"},
    503: {"model": ProblemDetails, "description": "The database or the sign-in is away"},
}
_NOT_YET = ("due", "settled", "after_ms", "trouble")
"""What a notice has at some times only."""


def entry(document: Mapping[str, Any]) -> LedgerEntry:
    """The part of a stored notice that is shown."""
    shown = dict.fromkeys(_NOT_YET) | {name: document[name] for name in LedgerEntry.model_fields if name in document}
    person = document.get("person") or document.get("seat_person")
    return LedgerEntry.model_validate(shown | {"id": document["_id"], "person": person})


def ledger_routes(ledger: Ledger, signed_in: SignedIn) -> APIRouter:
    """`/api/v1/notices`. `signed_in`: whose token a request brings."""
    router = APIRouter(prefix="/api/v1", responses=_ANSWERS)

    async def who(request: Request) -> Reader:
        found = reader(await signed_in(request))
        if found is None:
            raise Problem(ProblemKind.forbidden, "The ledger is for coordinators, supervisors and agencies' staff.")
        return found

    @router.get("/notices")
    async def notices(
        referral: Annotated[UUID, Query(description="the referral's id")], asks: Annotated[Reader, Depends(who)]
    ) -> list[LedgerEntry]:
        """Who was told of a referral, by role, and when, the oldest event first. An agency's people see their agency's part."""
        try:
            return [entry(document) for document in shown_to(asks, await ledger.of(referral))]
        except UNAVAILABLE:
            detail = "The ledger's database does not answer. Try again in a minute."
            raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "60"}) from None

    return router
