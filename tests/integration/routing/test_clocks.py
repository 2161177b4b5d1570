"""Clocks run out once, however many instances watch them, and also those that ran out while nobody did."""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

from services.routing.usecases import AT_ONCE
from shared.clock import now
from shared.events.agency import AgencyAccepted
from shared.events.routing import AssignmentExpired, AssignmentOffered, AssignmentReminded, ClockMissed, ClockStarted
from shared.testing import builders
from shared.topics import ACTIVITY
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import adult

REFERRALS = 60
ROUND = AT_ONCE
"""How many referrals an instance fires in one go."""


async def test_two_instances_expire_each_unanswered_offer_once_and_ask_the_coordinator_once(world: World) -> None:
    events = [builders.received(builders.referral_id(number), **adult()) for number in range(REFERRALS)]
    async with world.running():
        await world.intake(*events)
        await world.inbox("cca", REFERRALS)
        await world.all_published()
    async with AsyncExitStack() as both:
        for instance in ("one", "two"):
            await both.enter_async_context(world.running(instance, lambda: now() + timedelta(hours=25)))
        offers = await world.inbox("coordinator", REFERRALS)
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


async def test_a_part_taken_before_work_had_a_clock_gets_it_when_routing_starts_and_a_watched_one_is_left_alone(
    world: World,
) -> None:
    old, watched = (builders.received(builders.referral_id(number), **adult()) for number in range(2))
    async with world.running():
        await world.intake(old, watched)
        await world.inbox("cca", 2)
        await world.agency("cca", *[builders.answer(AgencyAccepted, "cca", event.subject) for event in (old, watched)])
        for event in (old, watched):
            await world.until(event.subject, lambda stored: stored["status"] == "in_progress")
        await world.all_published()
    without_clocks = {"$set": {"clocks": [], "due": None, "started": ["answer"]}}
    await world.database["referrals"].update_one({"_id": old.subject}, without_clocks)
    before = await world.referral(watched.subject)
    async with world.running():
        stored = await world.until(old.subject, lambda stored: stored["clocks"] != [])
        await world.all_published()
    assert [(clock["kind"], clock["agency"]) for clock in stored["clocks"]] == [("begin_work", "cca")]
    last = [one for one in await world.read(ACTIVITY) if one.subject == old.subject][-1]
    assert isinstance(last, ClockStarted)
    assert (last.data.clock, last.data.agency) == ("begin_work", "cca")
    assert await world.referral(watched.subject) == before


async def test_an_agency_that_has_not_answered_is_reminded_in_its_inbox_once_and_no_other_agency_is(world: World) -> None:
    event = builders.received(**adult())
    async with world.running():
        await world.intake(event)
        await world.inbox("hartford-pd", 1)
        await world.agency("cca", builders.answer(AgencyAccepted, "cca"))
        await world.until(event.subject, lambda stored: stored["status"] == "in_progress")
    async with AsyncExitStack() as both:
        for instance in ("one", "two"):
            await both.enter_async_context(world.running(instance, lambda: now() + timedelta(hours=21)))
        offer, reminder = await world.inbox("hartford-pd", 2)
        await world.all_published()
    assert isinstance(offer, AssignmentOffered)
    assert isinstance(reminder, AssignmentReminded)
    assert (reminder.data.answer_by, reminder.data.reasons) == (offer.data.answer_by, offer.data.reasons)
    told = [one for one in await world.read(ACTIVITY) if isinstance(one, AssignmentReminded)]
    assert {one.id for one in told} == {reminder.id}


async def test_after_an_outage_the_most_urgent_fire_first_even_where_others_are_longer_overdue(world: World) -> None:
    routine = [builders.received(builders.referral_id(number), **adult()) for number in range(ROUND + 20)]
    critical = [builders.received(builders.referral_id(-number), **adult(immediate_danger=True)) for number in range(1, 21)]
    async with world.running():
        await world.intake(*routine)
        await world.inbox("cca", len(routine))
        await world.all_published()
    async with world.running(clock=lambda: now() + timedelta(minutes=55)):
        await world.intake(*critical)
        await world.inbox("cca", len(routine) + len(critical))
        await world.all_published()
    async with world.running(clock=lambda: now() + timedelta(hours=2)):
        for event in [*routine, *critical]:
            await world.until(event.subject, lambda stored: "missed" in str(stored["clocks"]) or stored["rerouted"] > 0)
        await world.all_published()
    fired = {one.subject: one.time for one in await world.read(ACTIVITY) if isinstance(one, ClockMissed)}
    assert len(fired) == len(routine) + len(critical)
    last_critical = max(fired[event.subject] for event in critical)
    times = sorted(fired[event.subject] for event in routine)
    assert times[0] >= last_critical
    assert times[-1] > last_critical, "one round took them all, which proves nothing about the order"
