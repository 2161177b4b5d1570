"""The page on which a reporter who came back adds a file."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.attachments.posted import posted_file
from services.intake.attachments.refusal import Refused
from services.intake.attachments.usecases import AddAttachment, Closed
from services.intake.messages.letter import Letter, unpack
from services.intake.pages.file_faults import CHOOSE_AGAIN, SENTENCES
from services.intake.pages.posted import first_of, read_form
from services.intake.pages.sealing import Unreadable, Wrapping
from services.intake.pages.throng import Throng
from services.intake.usecases import KeyReused
from services.intake.visits.routes import VisitPages
from shared.delivery.errors import Unavailable
from shared.problems import Problem

log = structlog.get_logger(__name__)
_NOTE = 8 * 1024
HEARD_OUT = 64 * 1024 * 1024
"""Bytes of a file that is too large that are still read and dropped: a browser shows our answer only when it has sent all."""


@dataclass(frozen=True)
class FilePages:
    """Adding a file, in one language."""

    visits: VisitPages
    letters: Wrapping
    add: AddAttachment
    throng: Throng

    def routes(self) -> list[Route]:
        """Their addresses below the language's."""
        return [
            Route("/back/file", self.begin, methods=["POST"]),
            Route("/back/file/send", self.send, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """The page on which a file is chosen."""
        note = first_of(await read_form(request, _NOTE), "note")
        referral = self.visits.opened(note)
        return self.visits.ask_again(old=True) if referral is None else self._show(Letter(referral, uuid4()), note)

    async def send(self, request: Request) -> Response:
        """Adds the file. Its note and its letter come before it, as on the page."""
        try:
            posted = await posted_file(request, HEARD_OUT)
            letter = unpack(self.letters.open(posted.fields.get("letter", ""), self.visits.clock()))
        except Unreadable:
            return self.visits.ask_again(old=True)
        except Problem as problem:
            raise HTTPException(problem.kind.status) from None
        note, address = posted.fields.get("note", ""), request.client.host if request.client else ""
        if self.throng.crowded(letter.referral.hex, address, self.visits.clock()):
            return self._show(letter, note, 429, trouble="crowd")
        try:
            await self.add(letter.referral, posted.name, posted.content, str(letter.id))
        except (Refused, Problem, KeyReused, Closed, Unavailable) as error:
            await _hear_out(posted.content)
            return self._not_added(letter, note, error)
        return self.visits.page("added.html", note=note)

    def _not_added(self, letter: Letter, note: str, error: Exception) -> Response:
        if isinstance(error, Unavailable):
            log.warning("file_refused", why=str(error))
            return self._show(letter, note, 503, trouble="away")
        if isinstance(error, Closed):
            return self._show(letter, note, 409, trouble="closed")
        sentence = SENTENCES[error.why] if isinstance(error, Refused) else CHOOSE_AGAIN
        return self._show(Letter(letter.referral, uuid4()), note, 422, fault=sentence)

    def _show(self, letter: Letter, note: str, code: int = 200, *, fault: str = "", trouble: str = "") -> Response:
        """`trouble`: why it could not be added: `away`, `crowd`, or `closed` for good."""
        sealed = self.letters.close(letter.pack(), self.visits.clock())
        limits = self.add.limits
        accepts = ",".join(sorted(kind.media_type for kind in limits.kinds))
        return self.visits.page(
            "file_to_add.html", code, letter=sealed, note=note, fault=fault, trouble=trouble,
            megabytes=limits.most_bytes // 1024**2, files=limits.most_files, accepts=accepts,
        )  # fmt: skip


async def _hear_out(content: AsyncIterator[bytes]) -> None:
    with suppress(Problem):
        async for _ in content:
            pass
