"""kill -9 at every named point of a real process: each referral is offered to each agency, its effect once, nothing is lost."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from typing import Any

import pytest

from shared.events.agency import AgencyAccepted
from shared.events.routing import AssignmentAccepted, AssignmentOffered
from shared.testing import builders
from shared.topics import ACTIVITY
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import adult

POINTS = ("routing_before_write", "routing_after_write", "before_publish", "before_clear", "before_commit")
EVENTS = [builders.received(builders.referral_id(number), **adult()) for number in range(60)]


async def dies(world: World, crash_at: str) -> None:
    """Runs a real routing until it kills itself at the point."""
    environment = world.environment(CRASH_AT=crash_at, KAFKA_MAX_RECORDS="10", HTTP_PORT="0")
    command = [sys.executable, "-m", "services.routing.serve"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL, crash_at
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def once(events: list[Any]) -> list[Any]:
    """Without repetitions: a relay that died before it cleared its outbox publishes again, under the same id."""
    return list({event.id: event for event in events}.values())


@pytest.mark.parametrize("point", POINTS)
async def test_killed_anywhere_every_referral_is_offered_and_every_answer_counts_once(world: World, point: str) -> None:
    await world.intake(*EVENTS)
    await dies(world, f"{point}:2")
    assert await world.database["referrals"].count_documents({}) <= len(EVENTS)
    async with world.running():
        for agency in ("cca", "hartford-pd"):
            offers = [
                one for one in once(await world.inbox(agency, len(EVENTS), within=60)) if isinstance(one, AssignmentOffered)
            ]
            assert Counter(offer.subject for offer in offers) == Counter(event.subject for event in EVENTS)
        await world.all_published()
    await world.agency("cca", *[builders.answer(AgencyAccepted, "cca", event.subject) for event in EVENTS])
    await dies(world, point)
    async with world.running():
        for event in EVENTS:
            await world.until(event.subject, lambda stored: "accepted" in [one["status"] for one in stored["assignments"]])
        await world.all_published()
    accepted = Counter(one.subject for one in once(await world.read(ACTIVITY)) if isinstance(one, AssignmentAccepted))
    assert accepted == Counter(event.subject for event in EVENTS)
