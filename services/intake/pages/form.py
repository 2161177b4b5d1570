"""The steps of the form: from what a page brought back to the page that comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.intake.pages.page_state import PageState
from services.intake.pages.question import Question
from services.intake.pages.typed import Fault, Form, read
from services.intake.pages.way_through import asked, is_answered, next_question, question_before

CHECK = "check"
DANGER_TOLD = "danger-told"
"""The page that is shown once when danger is told: what to do before anything else."""
START = "start"


class NoSuchPage(Exception):
    """A page or a step that this form does not have."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The page to show: a question's id, or one of the pages above. `faults`: what to mend on it."""

    page: str
    state: PageState
    faults: tuple[Fault, ...] = ()


def first(questions: Sequence[Question], state: PageState) -> Shown:
    """The form's first page."""
    return Shown(asked(questions, state.way, state.answers)[0].id, state)


def step(questions: Sequence[Question], state: PageState, page: str, do: str, form: Form) -> Shown:
    """What follows when `do` was pressed on a page: `on`, `back`, `again` (in another language) or `change:ID`. NoSuchPage."""
    if page in (CHECK, DANGER_TOLD):
        return _from_other(questions, state, page, do)
    question = question_by(questions, page)
    answers, faults = read(question, form)
    if faults and do == "on":
        return Shown(page, state.with_answers(answers), faults)
    if not (faults and question.choices):
        state = state.with_answers(answers)
    if do == "again":
        return Shown(page, state)
    if do == "back":
        return _back(questions, state, page)
    if do != "on":
        raise NoSuchPage
    if page == "danger" and "yes" in answers["danger"]:
        return Shown(DANGER_TOLD, state)
    return _on(questions, state, page)


def missing(questions: Sequence[Question], state: PageState) -> Question | None:
    """A question that has to be answered, or whose answer has to be mended, before the referral can be sent."""
    for one in asked(questions, state.way, state.answers):
        if not is_answered(one, state.answers) or read(one, state.answers)[1]:
            return one
    return None


def question_by(questions: Sequence[Question], name: str) -> Question:
    """The question with this id. NoSuchPage."""
    for one in questions:
        if one.id == name:
            return one
    raise NoSuchPage


def _from_other(questions: Sequence[Question], state: PageState, page: str, do: str) -> Shown:
    what, _, which = do.partition(":")
    if what == "change" and page == CHECK:
        return Shown(question_by(questions, which).id, replace(state, changing=True))
    if do == "back":
        return Shown("danger", state) if page == DANGER_TOLD else _back(questions, state, page)
    if do == "again":
        return Shown(page, state)
    if do == "on" and page == DANGER_TOLD:
        return _on(questions, state, "danger")
    raise NoSuchPage


def _on(questions: Sequence[Question], state: PageState, page: str) -> Shown:
    following = next_question(questions, state.way, state.answers, page, changing=state.changing)
    return Shown(following.id, state) if following else Shown(CHECK, replace(state, changing=False))


def _back(questions: Sequence[Question], state: PageState, page: str) -> Shown:
    if state.changing:
        return Shown(CHECK, replace(state, changing=False)) if missing(questions, state) is None else Shown(page, state)
    before = question_before(questions, state.way, state.answers, page)
    return Shown(before.id if before else START, state)
