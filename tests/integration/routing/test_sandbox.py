"""The sandbox answers as for a real referral, on its own inbox alone."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from prometheus_client import REGISTRY

from shared.events.agency import AgencyAccepted, AgencyCompleted, AgencyProgressed
from shared.events.routing import AgencyEventRejected, AssignmentExpired, AssignmentOffered
from shared.testing import builders
from shared.topics import ACTIVITY, SANDBOX, inbox
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import adult
from tests.waiting import eventually


def in_the_sandbox(world: World) -> World:
    """The same world, with a synthetic referral twice a second, and answers due 200 times as soon."""
    world.settings = world.settings.model_copy(update={"sandbox_every": 0.5, "clock_scale": 0.005})
    return world


def agency_events() -> list[float]:
    """What is counted of agencies' events."""
    return [s.value for metric in REGISTRY.collect() if metric.name == "routing_agency_events" for s in metric.samples]


async def test_offers_come_by_themselves_and_answers_have_their_effect_or_are_rejected_on_the_sandboxs_inbox_alone(
    world: World,
) -> None:
    real = builders.received(**adult())
    sandbox = in_the_sandbox(world).database["sandbox"]
    async with world.running():
        before = agency_events()
        await world.intake(real)
        [first, second, *_] = [one.subject for one in await world.inbox(SANDBOX, 2)]
        completing = builders.answer(AgencyCompleted, SANDBOX, second, number=2, reason="goals_met")
        stranger = builders.answer(AgencyProgressed, SANDBOX, real.subject, progress="work_started")
        await world.agency(SANDBOX, builders.answer(AgencyAccepted, SANDBOX, first), completing, stranger)

        async def accepted() -> bool:
            found = await sandbox.find_one({"_id": first})
            return bool(found and found["assignments"][0]["status"] == "accepted")

        async def rejections() -> dict[UUID | None, str] | None:
            told = await world.read(inbox(SANDBOX))
            found = {one.data.event: one.data.reason.value for one in told if isinstance(one, AgencyEventRejected)}
            return found if len(found) == 2 else None

        await eventually(accepted)
        assert await eventually(rejections) == {completing.id: "not_allowed_now", stranger.id: "not_assigned"}
        await world.agency("cca", builders.answer(AgencyAccepted, "cca", second))
        [_, refused] = await world.inbox("cca", 2)
        assert refused.data.reason == "not_assigned"
        counted = sum(agency_events()) - sum(before)
    assert counted == 1, "the agency's own event, and none of the sandbox's"
    subjects = {one.subject for topic in (ACTIVITY, *map(inbox, ("cca", "coordinator"))) for one in await world.read(topic)}
    assert subjects == {real.subject, second}, "the rejection names what the agency named; nothing else is told"
    assert await world.database["referrals"].count_documents({}) == 1


async def test_two_instances_make_each_referral_once_and_its_offer_expires_when_nobody_answers(world: World) -> None:
    in_the_sandbox(world)
    async with world.running("one"), world.running("two"):

        async def expired() -> bool:
            return any(isinstance(one, AssignmentExpired) for one in await world.read(inbox(SANDBOX)))

        await eventually(expired, every=0.5)
    told = {one.id: one for one in await world.read(inbox(SANDBOX))}.values()
    offers = Counter(one.subject for one in told if isinstance(one, AssignmentOffered))
    assert set(offers.values()) == {1}
    assert len(offers) == await world.database["sandbox"].count_documents({})
    assert await world.read(ACTIVITY) == []
