"""The life of a referral under any order of events, answers and clocks; and the document it is kept in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import bson
from bson.codec_options import CodecOptions
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.routing.commands.authorization import Actor, may, may_see, sees
from services.routing.commands.conduct import Order, conduct
from services.routing.desk.next_actions import next_actions
from services.routing.desk.view import View
from services.routing.keeping.document import from_document, to_document
from services.routing.keeping.history import CLOCK, entry, shown
from services.routing.life.assignments import ASSIGNMENT, REFERRAL
from services.routing.life.referral import ENDED, Referral
from services.routing.life.turn import Decided
from services.routing.turns.expiry import run_out
from services.routing.turns.intake import take
from shared.events.agency import OutboxEvent
from shared.events.facts import Facts
from shared.principal import Role
from shared.testing import builders
from shared.testing.strategies import events
from shared.vocabulary import Rejection
from tests.unit.routing.cases import (
    ALL_AGENCIES,
    ANY_COMMAND,
    ANY_FACTS,
    AT,
    COORDINATORS_COMMAND,
    answer_with,
    begun,
    book,
    happened,
)

PEOPLE = [Actor("coordinator", Role.coordinator, "x"), *(Actor(agency, Role.supervisor, "x") for agency in ALL_AGENCIES)]
OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, uuid_representation=4)


def reminded(decided: Decided) -> set[tuple[Any, ...]]:
    """The answers that were reminded of: their clocks run on, and remind no more."""
    return {("answer", data.agency, data.answer_by) for data in happened(decided, "AssignmentReminded")}


class Life(RuleBasedStateMachine):
    """Every step is what a batch would bring: intake's next event, any agency's event, or time passing."""

    referral: Referral

    @initialize(facts=ANY_FACTS)
    def received(self, facts: Facts) -> None:
        self.now = AT
        self.excluded: set[str] = set()
        self.history: list[dict[str, Any]] = []
        self.take(take(None, builders.received(**dict(facts)), book(), self.now))

    def take(self, decided: Decided | Rejection | None) -> None:
        if not isinstance(decided, Decided):
            return
        before = getattr(self, "referral", None)
        self.history.append(entry(decided, decided.referral.version + 1, CLOCK, self.now))
        self.referral = decided.referral
        assert self.referral.sequence == (before.sequence if before else 0) + len(decided.happened)
        self.excluded = {*self.referral.facts.excluded_agencies, *self.referral.excluded} - {"coordinator"}
        told = {happening.inbox for happening in decided.happened if happening.event.__name__ != "AssignmentRevoked"}
        assert not told & self.excluded, "an excluded agency is told nothing but that its part is taken back"
        self.assert_clocks_are_told(before, decided)
        if before:
            self.assert_moves(before)

    def assert_clocks_are_told(self, before: Referral | None, decided: Decided) -> None:
        """Every clock that began, or is due sooner, is told once with its time, and to an agency its own alone."""
        told = [(clock.clock, clock.agency, clock.due) for clock in begun(decided)]
        old = set(map(id, before.clocks if before else ()))
        new = [clock for clock in decided.referral.clocks if id(clock) not in old]
        assert {(clock.kind, clock.agency, clock.due) for clock in new if not clock.missed} - set(told) <= reminded(decided)
        assert set(told) <= {(clock.kind, clock.agency, clock.due) for clock in new}
        assert len(told) == len(set(told))
        for happening in decided.happened:
            if happening.inbox:
                assert {clock.agency for clock in getattr(happening.data, "clocks", ())} <= {happening.inbox}

    def assert_moves(self, before: Referral) -> None:
        """Whatever moved has a way through the table."""
        assert self.referral.status in {before.status} | reachable(REFERRAL, before.status)
        for agency, one in self.referral.assignments.items():
            if agency in before.assignments:
                was = before.assignments[agency].status
                assert one.status in {was} | reachable(ASSIGNMENT, was)

    @rule(facts=ANY_FACTS)
    def supplemented(self, facts: Facts) -> None:
        event = builders.supplemented(sequence=self.referral.taken + 1, **dict(facts))
        self.take(take(self.referral, event, book(), self.now))

    @rule()
    def withdrawn(self) -> None:
        self.take(take(self.referral, builders.withdrawn(sequence=self.referral.taken + 1), book(), self.now))

    @rule(agency=st.sampled_from(ALL_AGENCIES), event=st.one_of([events(kind) for kind in OutboxEvent.__args__]))
    def told(self, agency: str, event: Any) -> None:
        self.take(answer_with(self.referral, agency, event, self.now))

    @rule(data=st.data(), event=st.one_of([events(kind) for kind in OutboxEvent.__args__]))
    def told_by_someone_involved(self, data: st.DataObject, event: Any) -> None:
        agency = data.draw(st.sampled_from(sorted(self.referral.assignments)))
        self.take(answer_with(self.referral, agency, event, self.now))

    @rule(command=ANY_COMMAND, person=st.sampled_from(PEOPLE))
    def ordered(self, command: Any, person: Actor) -> None:
        """Anybody asks for anything, with any body; what the table allows is tried."""
        self.order(command, person)

    @rule(data=st.data(), command=COORDINATORS_COMMAND)
    def ordered_by_the_coordinator(self, data: st.DataObject, command: Any) -> None:
        """About those involved: what changes most."""
        if "agency" in type(command).model_fields:
            agency = data.draw(st.sampled_from(sorted(self.referral.assignments)))
            command = command.model_copy(update={"agency": agency})
        self.order(command, PEOPLE[0])

    def order(self, command: Any, person: Actor) -> None:
        if not may_see(person, self.referral) or not may(person, command):
            return
        before = self.referral
        decided = conduct(self.referral, Order(person, command, uuid4()), book(), self.now, other=before._replace(id=uuid4()))
        if isinstance(decided, Decided):
            self.take(decided)

    @rule(minutes=st.integers(1, 5000))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.take(run_out(self.referral, book(), self.now))
        assert self.referral.next_due is None or self.referral.next_due > self.now

    @invariant()
    def a_referral_that_has_not_ended_has_an_owner(self) -> None:
        assert self.referral.status in ENDED or self.referral.open_assignments

    @invariant()
    def a_referral_that_has_ended_has_none(self) -> None:
        assert self.referral.status not in ENDED or not self.referral.open_assignments

    @invariant()
    def every_open_part_has_one_clock_of_its_own_and_no_other_part_has_one(self) -> None:
        """An offer its answer's, a part that was taken that of the work to be shown."""
        parts = {one.agency: "answer" if one.status == "offered" else "work" for one in self.referral.open_assignments}
        own = [(c.agency, "answer" if c.kind == "answer" else "work") for c in self.referral.clocks if c.agency]
        assert sorted(own) == sorted(parts.items())

    @invariant()
    def an_excluded_agency_has_no_open_part(self) -> None:
        assert not {one.agency for one in self.referral.open_assignments} & self.excluded

    @invariant()
    def everything_open_has_an_owner_an_action_and_a_time(self) -> None:
        actions = next_actions(self.referral, book(), self.now)
        owners = {action.owner for action in actions}
        assert {part.agency for part in self.referral.open_assignments} <= owners

    @invariant()
    def an_excluded_agency_sees_it_nowhere_and_no_other_agency_sees_that_it_was_there(self) -> None:
        for agency in self.excluded:
            assert not sees(agency, self.referral)
        for part in self.referral.assignments.values():
            if sees(part.agency, self.referral):
                reader = Actor(part.agency, Role.staff, "x")
                seen = View(self.referral, reader, book()).whole(self.now)
                seen |= {"timeline": shown(self.history, self.referral, reader)}
                assert not {f"'{agency}'" for agency in self.excluded} & set(re.findall(r"'[a-z-]+'", str(seen)))

    @invariant()
    def one_police_department_at_most_leads(self) -> None:
        assert sum(one.role == "lead" for one in self.referral.open_assignments) <= 1

    @invariant()
    def the_document_holds_the_whole_state(self) -> None:
        stored = bson.decode(bson.encode(to_document(self.referral), codec_options=OPTIONS), codec_options=OPTIONS)
        assert from_document(stored) == self.referral


def reachable(table: Any, status: Any) -> set[Any]:
    """Every status that several steps of one turn can lead to."""
    found: set[Any] = set()
    new = set(table[status].values())
    while new - found:
        found |= new
        new = {after for one in found for after in table[one].values()}
    return found


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
