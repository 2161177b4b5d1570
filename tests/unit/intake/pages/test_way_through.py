"""Which questions are asked, in which order, and what comes out of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.pages.form import CHECK, DANGER_TOLD, START, NoSuchPage, Shown, first, missing, step
from services.intake.pages.page_state import PageState
from services.intake.pages.question import Question, Way
from services.intake.pages.questions import questions
from services.intake.pages.told import submission
from services.intake.pages.typed import read
from services.intake.pages.way_through import asked, standing
from shared.agencies import load_agencies
from shared.vocabulary import Channel, PoliceConsent, Reporter, SafeContact

AGENCIES = load_agencies(Path("config"))
ALL = questions(AGENCIES)


def fresh(way: Way) -> PageState:
    return PageState(way, "a-key-of-sixteen-or-more", 0)


def some_answer(question: Question, data: st.DataObject) -> dict[str, list[str]]:
    values = [choice.value for choice in question.choices]
    if question.many:
        return {question.id: data.draw(st.lists(st.sampled_from(values), unique=True))}
    if values:
        return {question.id: [data.draw(st.sampled_from(values))]}
    return {field.name: [data.draw(st.text(max_size=20)).strip() or "x"] for field in question.fields}


def walk(way: Way, data: st.DataObject) -> Shown:
    shown = first(ALL, fresh(way))
    for _ in range(40):
        if shown.page == CHECK:
            return shown
        answer = {} if shown.page == DANGER_TOLD else some_answer(next(q for q in ALL if q.id == shown.page), data)
        shown = step(ALL, shown.state, shown.page, "on", answer)
        assert not shown.faults
    raise AssertionError("the form has no end")


@settings(max_examples=150)
@given(st.sampled_from(Way), st.data())
def test_every_way_with_any_answers_ends_in_a_referral(way: Way, data: st.DataObject) -> None:
    end = walk(way, data)
    assert missing(ALL, end.state) is None
    told = submission(standing(asked(ALL, way, end.state.answers), end.state.answers))
    assert told.facts.channel is Channel.web
    assert set(told.facts.excluded_agencies) <= set(AGENCIES.ids)


@settings(max_examples=60)
@given(st.sampled_from(Way), st.data())
def test_back_leads_to_the_start_through_the_same_pages_and_forgets_nothing(way: Way, data: st.DataObject) -> None:
    shown = walk(way, data)
    told = shown.state.answers
    for _ in range(40):
        typed = standing([q for q in ALL if q.id == shown.page], told)
        shown = step(ALL, shown.state, shown.page, "back", typed)
        if shown.page == START:
            break
    assert shown.page == START
    assert dict(shown.state.answers) == dict(told)


@settings(max_examples=100)
@given(st.sampled_from(Way), st.data())
def test_a_changed_answer_returns_to_the_check_page_after_the_questions_it_brings_up(way: Way, data: st.DataObject) -> None:
    end = walk(way, data)
    which = data.draw(st.sampled_from(asked(ALL, way, end.state.answers)))
    shown = step(ALL, end.state, CHECK, f"change:{which.id}", {})
    assert shown.page == which.id
    answered = set(end.state.answers)
    for _ in range(20):
        question = next((q for q in ALL if q.id == shown.page), None)
        shown = step(ALL, shown.state, shown.page, "on", some_answer(question, data) if question else {})
        if shown.page == CHECK:
            break
        assert shown.page == DANGER_TOLD or not set(next(q for q in ALL if q.id == shown.page).names) & answered
    assert shown.page == CHECK


def test_danger_is_met_with_what_to_do_before_anything_else() -> None:
    shown = step(ALL, fresh(Way.short), "danger", "on", {"danger": ["yes"]})
    assert shown.page == DANGER_TOLD
    assert step(ALL, shown.state, DANGER_TOLD, "on", {}).page == "who"


def test_the_short_way_asks_seven_questions_of_a_neighbor() -> None:
    answers = {"danger": ("no",), "who": ("other",), "relation": ("community_member",), "contact": ("not_wanted",)}
    assert [q.id for q in asked(ALL, Way.short, answers)] == [
        "danger",
        "who",
        "relation",
        "happening",
        "town",
        "place",
        "contact",
    ]


def test_an_answer_to_a_question_that_is_asked_no_more_is_not_sent() -> None:
    answers = {"who": ("self",), "reporter": ("healthcare",), "release": ("given",), "police": ("no",), "contact": ("unsafe",)}
    told = submission(standing(asked(ALL, Way.full, answers), answers)).facts
    assert told.reporter is Reporter.self_
    assert told.police_consent is PoliceConsent.no
    assert told.release.value == "not_needed"
    assert told.safe_contact is SafeContact.unsafe
    assert told.anonymous


def test_the_words_told_reach_the_details_and_no_fact() -> None:
    answers = {
        "who": ("other",),
        "happening": ("Ana Example is locked in",),
        "person_name": ("Ana Example",),
        "my_times": ("at 6",),
    }
    told = submission(answers)
    assert told.details is not None
    assert told.details.narrative == "Ana Example is locked in"
    assert told.details.victim is not None
    assert told.details.victim.names == ("Ana Example",)
    assert "Ana" not in told.facts.model_dump_json()


def test_every_choice_is_a_term_the_referral_takes() -> None:
    for question in ALL:
        for choice in question.choices:
            assert submission({question.id: (choice.value,)}).facts


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.id)
def test_a_question_that_wants_one_answer_has_a_way_to_say_nothing(question: Question) -> None:
    harmless = {"unknown", "unsure", "und", "no", "not_given", "not_wanted", "work", "self", "hotline", "community_member"}
    assert question.optional or harmless & {choice.value for choice in question.choices}


def test_what_was_typed_too_long_is_kept_and_mended_before_it_is_sent() -> None:
    happening = next(q for q in ALL if q.id == "happening")
    answers, faults = read(happening, {"happening": ["x" * 8_001]})
    assert len(answers["happening"][0]) == 8_001
    assert [fault.field for fault in faults] == ["happening"]


def test_what_was_typed_loses_only_what_does_not_print() -> None:
    happening = next(q for q in ALL if q.id == "happening")
    assert read(happening, {"happening": [" a\r\nb\x00\ud800\u202ac‍ "]})[0] == {"happening": ("a\nb\u202ac‍",)}


@given(st.text(), st.text(), st.dictionaries(st.text(), st.lists(st.text())))
def test_a_step_that_the_form_does_not_have_is_refused(page: str, do: str, sent: dict[str, list[str]]) -> None:
    with pytest.raises(NoSuchPage):
        step(ALL, fresh(Way.full), page, f"x{do}", sent)
