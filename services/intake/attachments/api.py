"""The routes of files: a system adds one to a referral that it sent; people of assigned agencies list and read them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from services.intake.access.api import answered
from services.intake.access.grants import OriginalPurpose, Purpose
from services.intake.access.permission import Reader
from services.intake.api import IdempotencyKey
from services.intake.attachments.chunks import Part
from services.intake.attachments.kinds import Kind
from services.intake.attachments.openapi import ADD_FILE, LIST_FILES, READ_FILE, READ_ORIGINAL
from services.intake.attachments.posted import posted_file, too_large
from services.intake.attachments.reading import Listed, NotLetThrough, Opened, ReadAttachments
from services.intake.attachments.refusal import Refused, Why
from services.intake.attachments.store import State
from services.intake.attachments.usecases import AddAttachment, Closed, Taken
from services.intake.provider.api import allowed
from services.intake.store import ReferralStore
from services.intake.usecases import KeyReused
from shared.delivery.errors import Unavailable
from shared.principal import Principal, Scope
from shared.problems import Fix, Problem, ProblemKind

SANDBOXED = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""Should a browser show a file all the same, it is nobody's page and runs nothing."""


_For = Annotated[Purpose, Query(description="what it is needed for; it is written down with the reading")]


class TakenAnswer(BaseModel):
    """A file that is stored safely."""

    attachment_id: UUID
    kind: Kind = Field(description="what it is, by its content")
    bytes: int
    sha256: str = Field(description="of the file as it came, in hexadecimal: compare it with yours")
    state: State = Field(description="waiting: no virus scanner has seen it yet, or there is none; clean: one has")


class ListedFile(BaseModel):
    """One file of a list."""

    attachment_id: UUID
    name: str = Field(description="as its sender called it; a download is named by its id")
    kind: Kind
    bytes: int = Field(description="of the file as it came")
    received_at: datetime
    state: State = Field(description="harmful: a virus scanner found something in it, and it is given to nobody")


class ListAnswer(BaseModel):
    """The files that the reader may have."""

    referral_id: UUID
    attachments: list[ListedFile]


def adding_routes(
    add: AddAttachment, referrals: ReferralStore, signed_in: Callable[[Request], Awaitable[Principal]]
) -> APIRouter:
    """POST /api/v1/referrals/ID/attachments, for the system that sent the referral."""
    router = APIRouter(prefix="/api/v1/referrals", tags=["attachments"])
    system = allowed(signed_in, Scope.send)

    @router.post("/{referral_id}/attachments", **ADD_FILE, response_model=TakenAnswer)
    async def add_file(
        request: Request, referral_id: UUID, who: Annotated[str, Depends(system)], idempotency_key: IdempotencyKey = None
    ) -> TakenAnswer:
        try:
            if await referrals.sender(str(referral_id)) != who:
                raise Problem(ProblemKind.not_found, "There is no referral with this id that you have sent.")
            posted = await posted_file(request, add.limits.most_bytes)
            return _taken(await add(referral_id, posted.name, posted.content, idempotency_key))
        except Refused as refused:
            raise refusal(refused.why, add.limits.most_bytes) from None
        except Closed:
            raise Problem(ProblemKind.conflict, "It takes no more files: it was taken back, or its time is over.") from None
        except KeyReused:
            raise Problem(ProblemKind.key_reused, "Use a new Idempotency-Key for a new file.") from None
        except Unavailable:
            detail = "We could not make sure that your file is stored. Send it again in a moment with the same Idempotency-Key."
            raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None

    return router


def reading_routes(read: ReadAttachments, reader: Callable[[Request], Awaitable[Reader]]) -> APIRouter:
    """The GETs. They are guarded, and each request leaves an entry in the audit before its first byte."""
    router = APIRouter(prefix="/api/v1/referrals", tags=["attachments"])

    @router.get("/{referral_id}/attachments", **LIST_FILES, response_model=ListAnswer)
    async def list_files(referral_id: UUID, purpose: _For, who: Annotated[Reader, Depends(reader)]) -> ListAnswer:
        found = await answered(read.list(who, referral_id, purpose))
        return ListAnswer(referral_id=referral_id, attachments=[_listed(one) for one in found])

    @router.get("/{referral_id}/attachments/{attachment_id}", **READ_FILE, response_class=Response)
    async def read_file(
        referral_id: UUID, attachment_id: UUID, purpose: _For, who: Annotated[Reader, Depends(reader)]
    ) -> Response:
        return await _given(read.open(who, referral_id, attachment_id, purpose))

    @router.get("/{referral_id}/attachments/{attachment_id}/original", **READ_ORIGINAL, response_class=Response)
    async def read_original(
        referral_id: UUID,
        attachment_id: UUID,
        purpose: Annotated[OriginalPurpose, Query(description="why the redrawn picture does not do; it is written down")],
        who: Annotated[Reader, Depends(reader)],
    ) -> Response:
        return await _given(read.open(who, referral_id, attachment_id, purpose))

    return router


def refusal(why: Why, most: int) -> Problem:
    """What a system is answered whose file is not taken."""
    if why is Why.too_large:
        return too_large(most)
    if why is Why.too_many:
        return Problem(ProblemKind.conflict, f"Not taken: {why.value}.")
    field = "file.name" if why is Why.bad_name else "file"
    return Problem(ProblemKind.invalid, "The file was not taken.", errors=[Fix(field=field, fix=why.value)])


def _taken(taken: Taken) -> TakenAnswer:
    one = taken.attachment
    return TakenAnswer(
        attachment_id=one.id, kind=one.kind, bytes=one.original.bytes, sha256=one.digest.hex(), state=taken.state
    )


def _listed(listed: Listed) -> ListedFile:
    stored, one = listed.stored, listed.attachment
    return ListedFile(
        attachment_id=one.id, name=one.name, kind=one.kind, bytes=one.original.bytes,
        received_at=stored.at, state=stored.state,
    )  # fmt: skip


async def _given(opening: Awaitable[Opened]) -> Response:
    try:
        opened = await answered(opening)
    except NotLetThrough as error:
        raise _not_let_through(error.state) from None
    one, written = opened.attachment, opened.attachment.parts[opened.part]
    kind = Kind.jpeg if opened.part is Part.redrawn else one.kind
    headers = SANDBOXED | {
        "Content-Length": str(written.bytes),
        "Content-Disposition": f'attachment; filename="{one.id}.{kind.ending}"',
    }
    return StreamingResponse(opened.content, media_type=kind.media_type, headers=headers)


def _not_let_through(state: State) -> Problem:
    if state is State.harmful:
        return Problem(ProblemKind.conflict, "A virus scanner found something in this file. It is given to nobody.")
    detail = "No virus scanner has seen this file yet. Try again in some minutes."
    return Problem(ProblemKind.conflict, detail, headers={"Retry-After": "120"})
