"""The life of a referral on the real store and broker, with two instances at once: whatever comes, in whatever order, twice.

Hypothesis chooses what happens: events of intake and of agencies, delivered to both instances at the same time, too early,
or again; time that passes with both watching the clocks; restarts. What may never be is checked after every step, and what
was published, at the end.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from deploy.embedded import Access
from services.routing.agencies.record import AgencyRecord
from services.routing.agencies.rejection_store import Rejections
from services.routing.desk.desk import Desk
from services.routing.desk.rules_in_force import RulesInForce
from services.routing.keeping.document import from_document
from services.routing.keeping.journal import Journal
from services.routing.life.assignments import aggregate
from services.routing.life.referral import ENDED, Referral
from services.routing.settings import RoutingSettings
from services.routing.store import Referrals
from services.routing.usecases import RunOutClocks, TakeAgencyEvents, TakeIntake
from shared.delivery.errors import Gap, Transient
from shared.events import agency as told
from shared.events.facts import Facts
from shared.events.intake import IntakeEvent
from shared.service import Service
from shared.testing import builders
from shared.topics import ACTIVITY, all_topics, inbox
from tests.bus import provision
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import ALL_AGENCIES, ANY_FACTS, AT

ANSWERS: list[tuple[type[Any], dict[str, str]]] = [
    (told.AgencyAccepted, {}),
    (told.AgencyDeclined, {"reason": "no_capacity"}),
    (told.AgencyProgressed, {"progress": "victim_contacted"}),
    (told.AgencyCompleted, {"reason": "goals_met"}),
]


class Instance:
    """What one process of routing works with."""

    def __init__(self, settings: RoutingSettings, clock: Any) -> None:
        self.service = Service("routing", "Routing", settings, clock)
        database, agencies = self.service.database, frozenset(ALL_AGENCIES)
        referrals, rejections = Referrals(database), Rejections(database)
        relay = self.service.relay("referrals", referrals.collection)
        journal = Journal(settings.topic_prefix, agencies)
        desk = Desk(referrals, relay, journal, RulesInForce(settings.config_dir), clock)
        refusing = self.service.relay("rejections", rejections.collection)
        self.intake = TakeIntake(desk)
        self.agencies = TakeAgencyEvents(desk, rejections, refusing, lambda agency: settings.topic(inbox(agency)))
        self.clocks = RunOutClocks(desk)

    async def stop(self) -> None:
        await self.service.publisher.stop()
        self.service.client.close()


class Life(RuleBasedStateMachine):
    """One referral, two instances."""

    runner: asyncio.Runner
    settings: RoutingSettings
    lives: list[uuid.UUID]

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = AT
        self.id = uuid.uuid4()
        self.lives.append(self.id)
        self.sent: list[IntakeEvent] = []
        self.number = 0
        self.two = [self.instance(), self.instance()]

    def instance(self) -> Instance:
        async def made() -> Instance:
            return Instance(self.settings, lambda: self.now)

        return self.runner.run(made())

    def at_once(self, *work: Coroutine[Any, Any, Any]) -> None:
        """Runs all at the same time. A gap, or giving up to another instance, is what a reader would try again."""

        async def together() -> list[Any]:
            return await asyncio.gather(*work, return_exceptions=True)

        for result in self.runner.run(together()):
            if isinstance(result, BaseException) and not isinstance(result, Gap | Transient):
                raise result

    def stored(self) -> Referral | None:
        async def read() -> Any:
            return await self.two[0].service.database["referrals"].find_one({"_id": self.id})

        document = self.runner.run(read())
        return from_document(document) if document else None

    def deliver(self, *events: IntakeEvent) -> None:
        """To both, as after a rebalance in which one does not know yet that it has lost its partition."""
        self.at_once(*[one.intake.apply(events) for one in self.two])

    @initialize(facts=ANY_FACTS)
    def received(self, facts: Facts) -> None:
        self.sent.append(builders.received(self.id, **dict(facts)))
        self.deliver(*self.sent)

    @rule(facts=ANY_FACTS)
    def supplemented(self, facts: Facts) -> None:
        self.sent.append(builders.supplemented(self.id, len(self.sent) + 1, **dict(facts)))
        self.deliver(self.sent[-1])

    @rule()
    def withdrawn(self) -> None:
        self.sent.append(builders.withdrawn(self.id, len(self.sent) + 1))
        self.deliver(self.sent[-1])

    @rule(facts=ANY_FACTS)
    def a_later_event_comes_first(self, facts: Facts) -> None:
        first = builders.supplemented(self.id, len(self.sent) + 1, **dict(facts))
        second = builders.withdrawn(self.id, len(self.sent) + 2)
        self.deliver(second)
        self.sent += [first, second]
        self.deliver(first, second)

    @rule()
    def everything_comes_again(self) -> None:
        self.deliver(*self.sent)

    @rule(agency=st.sampled_from(ALL_AGENCIES), what=st.sampled_from(ANSWERS), times=st.integers(1, 2))
    def an_agency_answers_both_at_once(self, agency: str, what: tuple[type[Any], dict[str, str]], times: int) -> None:
        record = self.record(agency, what)
        self.at_once(*[one.agencies.apply([record] * times) for one in self.two])

    @rule(data=st.data(), what=st.sampled_from(ANSWERS), facts=ANY_FACTS, minutes=st.sampled_from([0, 20, 600, 3000]))
    @precondition(lambda self: self.stored() is not None)
    def all_of_it_at_the_same_moment(self, data: st.DataObject, what: Any, facts: Facts, minutes: int) -> None:
        """An agency answers, the reporter adds something, and clocks run out: each decided on before the others are written."""
        referral = self.stored()
        assert referral is not None
        self.now += timedelta(minutes=minutes)
        self.sent.append(builders.supplemented(self.id, len(self.sent) + 1, **dict(facts)))
        answer = self.record(data.draw(st.sampled_from(sorted(referral.assignments))), what)
        one, other = self.two
        self.at_once(one.agencies.apply([answer]), other.intake.apply(self.sent[-1:]), one.clocks.fire(), other.clocks.fire())
        self.deliver(self.sent[-1])
        self.next_round()

    def next_round(self) -> None:
        """What lost to another change is still due, and fires in the next round of either instance."""
        self.at_once(self.two[0].clocks.fire())

    def record(self, agency: str, what: tuple[type[Any], dict[str, Any]]) -> AgencyRecord:
        self.number += 1
        kind, content = what
        return AgencyRecord(
            agency, f"place {self.number}", builders.answer(kind, agency, self.id, number=self.number, **content)
        )

    @rule(minutes=st.sampled_from([5, 20, 90, 600, 3000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.at_once(*[one.clocks.fire() for one in self.two])
        self.next_round()

    @rule(which=st.integers(0, 1))
    def an_instance_starts_anew(self, which: int) -> None:
        self.runner.run(self.two[which].stop())
        self.two[which] = self.instance()

    @invariant()
    def it_stands_as_it_may(self) -> None:
        referral = self.stored()
        if referral is None:
            return
        assert referral.taken == len(self.sent), "everything of intake has had its effect, in order"
        assert (referral.status in ENDED) != bool(referral.open_assignments), "it has an owner, or it has ended"
        assert referral.status is aggregate(referral.status, referral.assignments.values())
        excluded = set(referral.facts.excluded_agencies) - {"coordinator"}
        assert not {one.agency for one in referral.open_assignments} & excluded
        assert referral.next_due is None or referral.next_due > self.now, "nothing that is due waits"

    def teardown(self) -> None:
        for one in self.two:
            self.runner.run(one.stop())


def check_published(told_: list[Any], sequence: int) -> None:
    """Each place in the referral's life holds one event, none is missing, and nothing happened twice."""
    by_place: dict[int, set[str]] = {}
    for event in told_:
        by_place.setdefault(event.sequence, set()).add(event.model_dump_json())
    assert sorted(by_place) == list(range(1, sequence + 1))
    assert all(len(bodies) == 1 for bodies in by_place.values())
    once = list({event.id: event for event in told_}.values())
    offered, ended = Counter[str](), Counter[str]()
    for event in sorted(once, key=lambda one: one.sequence):
        kind = type(event).__name__
        if kind == "AssignmentOffered":
            offered[event.data.agency] += 1
        if kind in ("AssignmentExpired", "AssignmentDeclined"):
            ended[event.data.agency] += 1
            assert ended[event.data.agency] <= offered[event.data.agency], "an offer ends once"
    missed = Counter((e.data.clock, e.data.agency, e.data.due) for e in once if type(e).__name__ == "ClockMissed")
    assert not [clock for clock, times in missed.items() if times > 1], "a clock runs out once"


@pytest.fixture
def examples() -> int:
    """Few by default; `LIFE_EXAMPLES=500` for a long run."""
    return int(os.environ.get("LIFE_EXAMPLES", "12"))


def test_two_instances_keep_every_life_in_order_whatever_comes(
    access: Access, settings: Any, mongo_url: str, examples: int
) -> None:
    own = {"kafka": access.settings("routing", session_timeout_ms=6000)}
    mine = RoutingSettings(**dict(settings) | own)
    topics = all_topics(ALL_AGENCIES, mine.topic_prefix)
    provision(access, ALL_AGENCIES)
    with asyncio.Runner() as runner:
        Life.runner, Life.settings, Life.lives = runner, mine, []
        run_state_machine_as_test(
            Life,
            settings=how(max_examples=examples, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)),
        )
        runner.run(_check_all(mine, access, topics))


async def _check_all(settings: RoutingSettings, access: Access, topics: Any) -> None:
    instance = Instance(settings, lambda: AT + timedelta(days=365))
    world = World(settings, access, instance.service.database, topics)
    try:
        while await instance.clocks.desk.relay.sweep():
            pass
        told_ = await world.read(ACTIVITY)
        stored = await instance.service.database["referrals"].find({}).to_list(None)
        assert len(stored) > 5
        for document in stored:
            check_published([event for event in told_ if event.subject == document["_id"]], document["sequence"])
            assert document["outbox"] == []
    finally:
        await instance.service.client.drop_database(settings.mongo.database)
        await world.stop()
        await instance.stop()
