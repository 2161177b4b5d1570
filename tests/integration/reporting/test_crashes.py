"""kill -9 in the middle of a batch, and two readers at the same case."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from services.reporting.cases.sources import SOURCES
from services.reporting.store import Cases, Freshness
from services.reporting.usecases import FoldEvents
from tests.histories import lives
from tests.integration.reporting.conftest import World

PLACES = ("reporting_before_write:2", "reporting_after_write:3")


async def test_killed_anywhere_in_a_batch_the_next_start_makes_the_figures_right(world: World) -> None:
    await world.publish(lives(21, 120))
    for place in PLACES:
        environment = world.environment(CRASH_AT=place, KAFKA_MAX_RECORDS="40", HTTP_PORT="0")
        command = [sys.executable, "-m", "services.reporting.serve"]
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
        assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL, place
    applied = await world.applied()
    assert sum(applied[source.part] for source in SOURCES) < len(world.published), "no kill came in the middle"
    async with world.running() as client:
        await world.in_step(client)
        world.check((await client.get("/api/v1/report")).json())


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.part)
async def test_two_readers_of_the_same_events_at_once_count_each_once(world: World, source: object) -> None:
    """As after a rebalance, when the old member does not know yet that it has lost its partition."""
    part = source.part  # type: ignore[attr-defined]
    cases, freshness = Cases(world.database["cases"]), Freshness(world.database)
    events = [event for one in lives(22, 40) for event in getattr(one, part)]
    first_half = FoldEvents(part, cases, freshness)(events[: len(events) // 2])
    all_of_them = [FoldEvents(part, cases, freshness)(events) for _ in range(3)]
    await asyncio.gather(first_half, *all_of_them)
    assert (await world.applied())[part] == len(events)


async def test_readers_of_different_topics_at_the_same_new_case_lose_nothing_of_one_another(world: World) -> None:
    cases, freshness = Cases(world.database["cases"]), Freshness(world.database)
    told = lives(23, 60)
    for one in told:
        world.published += one.intake + one.activity + one.delivered
    readers = [FoldEvents(s.part, cases, freshness)([e for one in told for e in getattr(one, s.part)]) for s in SOURCES]
    await asyncio.gather(*readers)
    await world.all_applied()
    async with world.running() as client:
        world.check((await client.get("/api/v1/report")).json())
