"""The form's addresses. A page is posted with what was typed before sealed in it; nothing else is remembered between pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.intake import metrics
from services.intake.contact import Contact
from services.intake.pages import form
from services.intake.pages.page_state import Envelope, PageState, TooLarge, Unreadable, begin
from services.intake.pages.question import Question, Way
from services.intake.pages.told import submission
from services.intake.pages.typed import TOO_MUCH, Fault, Form
from services.intake.pages.way_through import asked, question_before, standing
from services.intake.usecases import KeyReused, ReceiveReferral
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.pages import Language, Pages

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class FormPages:
    """The form in one language. `limit`: bytes of a page's body."""

    pages: Pages
    language: Language
    questions: Sequence[Question]
    envelope: Envelope
    receive: ReceiveReferral
    contact: Contact
    clock: Clock
    limit: int

    def routes(self) -> list[Route]:
        """Their addresses below the language's."""
        return [
            Route("/", self.start),
            Route("/safety/{way}", self.safety),
            Route("/tell/{way}", self.begin),
            Route("/tell", self.step, methods=["POST"]),
            Route("/send", self.send, methods=["POST"]),
        ]

    async def start(self, _: Request) -> Response:
        """Who this is for, what happens, and the ways in."""
        return self._page("start.html", path="/")

    async def safety(self, request: Request) -> Response:
        """What to know before one begins; for those whom the law obliges, their duties."""
        way = _way(request)
        return self._page("safety.html", path=f"/safety/{way}", way=way)

    async def begin(self, request: Request) -> Response:
        """An empty form."""
        return self._show(form.first(self.questions, begin(_way(request), self.clock())))

    async def step(self, request: Request) -> Response:
        """From a page to the next one."""
        sent = await _read(request, self.limit)
        try:
            state = self.envelope.open(_one(sent, "state"), self.clock())
        except Unreadable:
            return self._page("too_old.html", 400)
        page = _one(sent, "page")
        try:
            return self._show(form.step(self.questions, state, page, _one(sent, "do"), sent))
        except form.NoSuchPage:
            raise HTTPException(400) from None
        except TooLarge:
            fault = Fault(form.question_by(self.questions, page).names[0], TOO_MUCH)
            return self._question(form.Shown(page, state, (fault,)), sent)

    async def send(self, request: Request) -> Response:
        """Makes the referral. Sent again from the same page, it answers the same."""
        sent = await _read(request, self.limit)
        try:
            state = self.envelope.open(_one(sent, "state"), self.clock())
        except Unreadable:
            return self._page("too_old.html", 400)
        if left := form.missing(self.questions, state):
            return self._show(form.Shown(left.id, replace(state, changing=True)))
        with metrics.ANSWER_SECONDS.time():
            return await self._receive(state)

    async def _receive(self, state: PageState) -> Response:
        told = submission(standing(asked(self.questions, state.way, state.answers), state.answers))
        try:
            received = await self.receive(told, told.model_dump_json().encode(), state.key)
        except Unavailable as error:
            log.warning("referral_refused", why=str(error))
            return self._check(state, 503, away=True)
        except KeyReused:
            return self._page("sent_before.html", 409)
        return self._page("sent.html", receipt=received.receipt_code, danger=received.facts.immediate_danger, way=state.way)

    def _show(self, shown: form.Shown) -> Response:
        if shown.page == form.START:
            return RedirectResponse(f"/{self.language.tag}/", 303)
        if shown.page == form.CHECK:
            return self._check(shown.state)
        if shown.page == form.DANGER_TOLD:
            return self._page("danger.html", state=self._sealed(shown.state), page=shown.page)
        return self._question(shown, shown.state.answers)

    def _question(self, shown: form.Shown, values: Form) -> Response:
        return self._page(
            "question.html",
            422 if shown.faults else 200,
            question=form.question_by(self.questions, shown.page),
            page=shown.page,
            values=values,
            faults={fault.field: fault for fault in shown.faults},
            state=self._sealed(shown.state),
            told=_told(shown.state),
            first=question_before(self.questions, shown.state.way, shown.state.answers, shown.page) is None,
            way=shown.state.way,
        )

    def _check(self, state: PageState, code: int = 200, *, away: bool = False) -> Response:
        rows = asked(self.questions, state.way, state.answers)
        told = _told(state)
        return self._page("check.html", code, page=form.CHECK, rows=rows, told=told, state=self._sealed(state), away=away)

    def _sealed(self, state: PageState) -> str:
        return self.envelope.close(state, self.clock())

    def _page(self, name: str, code: int = 200, *, path: str = "/", **values: object) -> Response:
        """`path`: the page's address below that of a language, for the list of languages; the start where it has none."""
        return self.pages.response(name, self.language, code, path=path, **values)


def _told(state: PageState) -> Form:
    """The answers, with one to the question of danger in any case."""
    return {"danger": (), **state.answers}


def _way(request: Request) -> Way:
    try:
        return Way(request.path_params["way"])
    except ValueError:
        raise HTTPException(404) from None


async def _read(request: Request, limit: int) -> Form:
    """The body's fields. HTTPException 413, 415."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413)
    try:
        return parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=200, errors="replace")
    except ValueError:
        raise HTTPException(400) from None


def _one(sent: Form, name: str) -> str:
    return next(iter(sent.get(name, ())), "")
