"""Clocks run out once, however many instances watch them, and also those that ran out while nobody did."""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

from shared.clock import now
from shared.events.routing import AssignmentExpired, AssignmentOffered, ClockMissed
from shared.testing import builders
from shared.topics import ACTIVITY
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import adult

REFERRALS = 60


async def test_two_instances_expire_each_unanswered_offer_once_and_ask_the_coordinator_once(world: World) -> None:
    events = [builders.received(builders.referral_id(number), **adult()) for number in range(REFERRALS)]
    async with world.running():
        await world.intake(*events)
        await world.inbox("cca", REFERRALS)
        await world.all_published()
    async with AsyncExitStack() as both:
        for instance in ("one", "two"):
            await both.enter_async_context(world.running(instance, lambda: now() + timedelta(hours=25)))
        offers = await world.inbox("coordinator", REFERRALS, within=30)
        for event in events:
            await world.until(
                event.subject, lambda stored: all(one["status"] != "offered" for one in stored["assignments"][:2])
            )
        await world.all_published()
    assert Counter(offer.subject for offer in offers if isinstance(offer, AssignmentOffered)) == Counter(
        event.subject for event in events
    )
    told = await world.read(ACTIVITY)
    expired = Counter((one.subject, one.data.agency) for one in told if isinstance(one, AssignmentExpired))
    assert expired == Counter((event.subject, agency) for event in events for agency in ("cca", "hartford-pd"))
    missed = [one for one in told if isinstance(one, ClockMissed) and one.data.clock == "answer"]
    assert Counter(Counter((one.subject, one.data.agency) for one in missed).values()) == {1: 2 * REFERRALS}
    for agency in ("cca", "hartford-pd"):
        ids = [one.id for one in await world.read(f"agencies.{agency}.inbox") if isinstance(one, AssignmentExpired)]
        assert len(set(ids)) == REFERRALS
