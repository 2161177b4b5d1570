"""The page on which a reporter who came back adds words of their own or answers a question. Nothing typed is ever lost."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.messages.exchange import Full, NoSuchQuestion, NoSuchReferral, TakenBack
from services.intake.messages.letter import Letter, unpack
from services.intake.messages.message import LONGEST, Message, open_questions
from services.intake.pages.posted import first_of, read_form
from services.intake.pages.sealing import Unreadable, Wrapping
from services.intake.pages.throng import Throng
from services.intake.pages.typed import NOTHING, TOO_LONG, Fault, Form, typed
from services.intake.vault.vault import Destroyed
from services.intake.vault.vault import Unreadable as Changed
from services.intake.visits.routes import VisitPages, or_503
from shared.delivery.errors import Unavailable

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class WordsPages:
    """Adding words, in one language. `limit`: bytes of a posted page."""

    visits: VisitPages
    letters: Wrapping
    throng: Throng
    limit: int

    def routes(self) -> list[Route]:
        """Their addresses below the language's."""
        return [
            Route("/back/words", self.begin, methods=["POST"]),
            Route("/back/words/send", self.send, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """An empty page for words: `do` is `tell`, or `answer:ID` with a question's id."""
        sent = await read_form(request, self.limit)
        referral = self.visits.opened(first_of(sent, "note"))
        if referral is None:
            return self.visits.ask_again(old=True)
        letter = Letter(referral, uuid4(), _question_id(first_of(sent, "do")))
        return await self._show(letter, sent)

    async def send(self, request: Request) -> Response:
        """Adds the words. `do=again` shows the page in another language."""
        sent = await read_form(request, self.limit)
        try:
            letter = unpack(self.letters.open(first_of(sent, "letter"), self.visits.clock()))
        except Unreadable:
            return self.visits.ask_again(old=True)
        if first_of(sent, "do") == "again":
            return await self._show(letter, sent)
        text = "".join(typed(sent.get("words", ())))
        if not text or len(text) > LONGEST:
            return await self._show(letter, sent, fault=Fault("words", TOO_LONG if text else NOTHING, LONGEST))
        if self.throng.crowded(letter.referral.hex, request.client.host if request.client else "", self.visits.clock()):
            return await self._show(letter, sent, trouble="crowd")
        return await self._added(letter, sent, text)

    async def _added(self, letter: Letter, sent: Form, text: str) -> Response:
        try:
            await self.visits.exchange.tell(letter.referral, letter.id, text, letter.question)
        except Unavailable as error:
            log.warning("words_refused", why=str(error))
            return await self._show(letter, sent, trouble="away")
        except (Full, TakenBack, Destroyed, Changed, NoSuchQuestion, NoSuchReferral):
            return await self._show(letter, sent, trouble="closed")
        return self.visits.page("added.html", note=first_of(sent, "note"))

    async def _show(self, letter: Letter, sent: Form, *, fault: Fault | None = None, trouble: str = "") -> Response:
        """`trouble`: why it could not be added: `away`, `crowd`, or `closed` for good."""
        question = await self._question(letter) if letter.question and trouble != "away" else None
        return self.visits.page(
            "words_to_add.html",
            _STATUS[trouble] if trouble else 422 if fault else 200,
            letter=self.letters.close(letter.pack(), self.visits.clock()),
            note=first_of(sent, "note"),
            words=first_of(sent, "words"),
            question=question,
            fault=fault,
            trouble=trouble,
            limit=LONGEST,
        )

    async def _question(self, letter: Letter) -> Message | None:
        """What is answered; None where it was answered before, or cannot be read: the words can be added all the same."""
        try:
            asked = open_questions(await or_503(self.visits.exchange.read(letter.referral)))
        except (HTTPException, Destroyed, Changed, NoSuchReferral):
            return None
        return next((one for one in asked if one.id == letter.question), None)


_STATUS = {"away": 503, "crowd": 429, "closed": 409}


def _question_id(do: str) -> UUID | None:
    """HTTPException 400 where it is neither."""
    what, _, which = do.partition(":")
    try:
        return UUID(which) if what == "answer" else None
    except ValueError:
        raise HTTPException(400) from None
