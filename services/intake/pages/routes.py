"""The form's addresses. A page is posted with what was typed before sealed in it; nothing else is remembered between pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.intake import metrics
from services.intake.contact import Contact
from services.intake.pages import form
from services.intake.pages.page_state import Envelope, PageState, TooLarge, Unreadable, begin
from services.intake.pages.posted import first_of, read_form
from services.intake.pages.question import Question, Way
from services.intake.pages.throng import Throng
from services.intake.pages.told import submission
from services.intake.pages.turn_to_send import PATIENCE, Puzzles, has_waited
from services.intake.pages.typed import TOO_MUCH, Fault, Form
from services.intake.pages.way_through import asked, question_before, standing
from services.intake.usecases import KeyReused, ReceiveReferral
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.pages import Language, Pages
from shared.problems import ProblemKind

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
    throng: Throng
    puzzles: Puzzles
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
        sent = await read_form(request, self.limit)
        try:
            state = self.envelope.open(first_of(sent, "state"), self.clock())
        except Unreadable:
            return self._page("too_old.html", 400)
        page = first_of(sent, "page")
        try:
            return self._show(form.step(self.questions, state, page, first_of(sent, "do"), sent))
        except form.NoSuchPage:
            raise HTTPException(400) from None
        except TooLarge:
            fault = Fault(form.question_by(self.questions, page).names[0], TOO_MUCH)
            return self._question(form.Shown(page, state, (fault,)), sent)

    async def send(self, request: Request) -> Response:
        """Makes the referral. Sent again from the same page, it answers the same."""
        sent = await read_form(request, self.limit)
        try:
            state = self.envelope.open(first_of(sent, "state"), self.clock())
        except Unreadable:
            return self._page("too_old.html", 400)
        if left := form.missing(self.questions, state):
            return self._show(form.Shown(left.id, replace(state, changing=True)))
        if not self._may_send(state, sent, request):
            return self._wait(state)
        with metrics.ANSWER_SECONDS.time():
            return await self._receive(state)

    def _may_send(self, state: PageState, sent: Form, request: Request) -> bool:
        at = self.clock()
        if has_waited(state, at) or self.puzzles.is_solved(first_of(sent, "solution"), state):
            return True
        crowd = self.throng.crowded(state.key, request.client.host if request.client else "", at)
        if crowd:
            metrics.SLOWED.labels(crowd).inc()
        return crowd is None

    def _wait(self, state: PageState) -> Response:
        """The check page's answers, once more to be sent: by a script that solves the puzzle, or after a while."""
        waiting = state if state.asked else replace(state, asked=int(self.clock().timestamp()))
        seconds = int(PATIENCE.total_seconds())
        puzzle = self.puzzles.puzzle(state)
        return self._page("wait.html", 429, page=form.CHECK, state=self._sealed(waiting), seconds=seconds, puzzle=puzzle)

    async def _receive(self, state: PageState) -> Response:
        told = submission(standing(asked(self.questions, state.way, state.answers), state.answers))
        try:
            received = await self.receive(told, told.model_dump_json().encode(), state.key)
        except Unavailable as error:
            log.warning("referral_refused", why=str(error))
            metrics.refused(ProblemKind.unavailable)
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
