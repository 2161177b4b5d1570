"""The addresses for those who come back. The code is typed once; then a sealed note of the referral travels with the pages."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.messages.exchange import Exchange
from services.intake.messages.message import Message, open_questions
from services.intake.pages.posted import first_of, read_form
from services.intake.pages.sealing import Unreadable, Wrapping
from services.intake.pages.throng import Throng
from services.intake.seal import Seal
from services.intake.vault.vault import Destroyed
from services.intake.vault.vault import Unreadable as Changed
from services.intake.visits.usecases import ComeBack
from services.intake.visits.visit import Told
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.pages import Language, Pages
from shared.vocabulary import WithdrawalReason

T = TypeVar("T")
log = structlog.get_logger(__name__)
LASTS = timedelta(minutes=15)
"""How long one may look at the status before the code has to be typed again."""
LIMIT = 8 * 1024
"""Bytes of a posted page."""


def visit_note(seal: Seal) -> Wrapping:
    """What says which referral a page is about, in place of the code."""
    return Wrapping(seal, "visit", LASTS)


@dataclass(frozen=True)
class VisitPages:
    """Coming back, in one language."""

    pages: Pages
    language: Language
    come_back: ComeBack
    exchange: Exchange
    note: Wrapping
    throng: Throng
    clock: Clock

    def routes(self) -> list[Route]:
        """Their addresses below the language's."""
        return [
            Route("/back", self.ask),
            Route("/back", self.enter, methods=["POST"]),
            Route("/back/change", self.change, methods=["POST"]),
        ]

    async def ask(self, _: Request) -> Response:
        """Asks for the code."""
        return self.page("come_back.html", wrong=False, old=False)

    async def enter(self, request: Request) -> Response:
        """The status. A code that is wrong, or was never one, gets the same answer: nothing says which."""
        sent = await read_form(request, LIMIT)
        address = request.client.host if request.client else ""
        if self.throng.crowded(None, address, self.clock()):
            raise HTTPException(429)
        told = await or_503(self.come_back.find(first_of(sent, "code")))
        return await self.status(told) if told else self.ask_again(wrong=True)

    async def change(self, request: Request) -> Response:
        """Carries out what was chosen on the status page, after asking whether it is meant."""
        sent = await read_form(request, LIMIT)
        referral, do = self.opened(first_of(sent, "note")), first_of(sent, "do")
        if referral is None:
            return self.ask_again(old=True)
        if do == "ask":
            return self.page("take_back.html", note=first_of(sent, "note"), reasons=WithdrawalReason.terms())
        if do == "unsafe":
            await or_503(self.come_back.stop_contact(referral))
        elif do == "withdraw":
            await or_503(self.come_back.take_back(referral, _reason(first_of(sent, "reason"))))
        elif do != "see":
            raise HTTPException(400)
        told = await or_503(self.come_back.see(referral))
        return await self.status(told) if told else self.ask_again(old=True)

    def opened(self, note: str) -> UUID | None:
        """The referral that a note names; None where the note is not ours, or too old."""
        try:
            return UUID(bytes=self.note.open(note, self.clock()))
        except Unreadable:
            return None

    def ask_again(self, *, wrong: bool = False, old: bool = False) -> Response:
        """The code has to be typed again: it was none of ours, or that was too long ago."""
        return self.page("come_back.html", 422, wrong=wrong, old=old)

    async def status(self, told: Told) -> Response:
        """That it is here, what is asked, and what one can do."""
        questions = await self._questions(told)
        return self.page("status.html", told=told, questions=questions, note=self.note.close(told.referral.bytes, self.clock()))

    async def _questions(self, told: Told) -> list[Message]:
        """What cannot be read is not shown: the rest of the page is of use without it."""
        if told.destroyed or not told.messages:
            return []
        try:
            return open_questions(await or_503(self.exchange.read(told.referral)))
        except (Destroyed, Changed):
            return []

    def page(self, name: str, code: int = 200, **values: object) -> Response:
        """A page of those who come back."""
        return self.pages.response(name, self.language, code, path="/back", **values)


def _reason(sent: str) -> WithdrawalReason:
    return WithdrawalReason(sent) if sent in WithdrawalReason.terms() else WithdrawalReason.other


async def or_503(done: Awaitable[T]) -> T:
    """What was done; HTTPException 503 where the database is away."""
    try:
        return await done
    except Unavailable as error:
        log.warning("visit_refused", why=str(error))
        raise HTTPException(503) from None
