"""In which queue a referral stands, for whom, in what order; and cursors that are good for their own question only."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.routing.commands.authorization import Actor
from services.routing.desk import cursor
from services.routing.keeping.queues import Age, Queue, age, look, place, standing
from services.routing.life.referral import Referral
from services.routing.turns.expiry import run_out
from shared.principal import Role
from shared.testing import builders
from tests.unit.routing.cases import AT, Answers, accept, adult, book, child, decline, routed, withdraw
from tests.unit.routing.commands.test_discretion import done, order

COORDINATOR = Actor("coordinator", Role.coordinator, "1")
CCA = Actor("cca", Role.staff, "2")


def stands_in(referral: Referral, reader: Actor, agency: str | None = None) -> set[Queue]:
    """The queues in which the reader finds it."""
    at = place(referral, standing(referral))
    words = set(at["queues"]) if at else set()
    return {queue for queue in Queue if all(words & set(any_of) for any_of in look(queue, reader, agency, {}, None).words)}


def test_what_nobody_has_taken_is_new_and_awaits_answers() -> None:
    referral = routed(**adult()).referral
    assert stands_in(referral, COORDINATOR) == {Queue.new, Queue.awaiting_answer}
    assert stands_in(referral, CCA) == {Queue.new, Queue.awaiting_answer, Queue.mine}
    assert stands_in(referral, Actor("dcf", Role.staff, "3")) == set()


def test_one_acceptance_ends_its_being_new_and_others_answers_are_still_awaited() -> None:
    referral = Answers().all(routed(**adult()), accept("cca")).referral
    assert stands_in(referral, COORDINATOR) == {Queue.awaiting_answer}
    assert stands_in(referral, CCA) == {Queue.mine}
    assert stands_in(referral, COORDINATOR, "hartford-pd") == {Queue.awaiting_answer}


def test_a_missed_clock_makes_it_overdue_and_escalated_until_the_coordinator_acts() -> None:
    referral = Answers().all(routed(**adult()), accept("cca"), accept("hartford-pd")).referral
    late = run_out(referral, book(), AT + timedelta(days=4))
    assert late is not None
    assert {Queue.overdue, Queue.escalated} <= stands_in(late.referral, COORDINATOR)
    acted = done(order(late.referral, "agency", agency="windsor-pd", role="support", reason="capacity")).referral
    assert stands_in(acted, COORDINATOR) & {Queue.overdue, Queue.escalated} == {Queue.overdue}


def test_what_has_ended_stands_nowhere_and_who_declined_finds_it_nowhere() -> None:
    assert standing(withdraw(routed(**adult()).referral).referral) is None
    declined = Answers().all(routed(**adult()), decline("cca")).referral
    assert stands_in(declined, CCA) == set()


def test_the_most_urgent_come_first_then_those_who_have_waited_longest() -> None:
    def key(at: timedelta = timedelta(), **facts: object) -> str:
        referral = routed(AT + at, **adult(**facts)).referral
        found = place(referral, standing(referral))
        assert found
        return str(found["key"])

    danger, early, late = key(timedelta(1), immediate_danger=True), key(), key(timedelta(minutes=1))
    assert danger < early < late


def test_whose_age_nobody_told_is_neither_minor_nor_adult() -> None:
    assert age(builders.facts(**adult())) is Age.adult
    assert age(builders.facts(**child())) is Age.minor
    assert age(builders.facts(minor="unknown")) is Age.unknown
    assert age(builders.facts(minor="unknown", age_band="under_12")) is Age.minor
    assert age(builders.facts(minor="no", missing_child=True)) is Age.minor


KEYS = st.from_regex(r"[0-9][0-9]{13}[0-9a-f]{32}", fullmatch=True)


@given(key=KEYS)
def test_a_cursor_brings_back_its_place_for_its_own_question_only(key: str) -> None:
    written = cursor.write(("cca", "new", None), key)
    assert cursor.read(("cca", "new", None), written) == key
    assert cursor.read(("cca", "mine", None), written) is None


@given(text=st.text(max_size=120))
def test_any_other_text_is_no_cursor(text: str) -> None:
    assert cursor.read(("cca", "new", None), text) is None
