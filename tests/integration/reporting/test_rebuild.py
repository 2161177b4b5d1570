"""Making the figures anew from the topics, also while the readers go on and after a rebuild that died."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import signal
import sys
from typing import Any

import httpx
import pytest

from services.reporting.app import build_app, caseload_of
from services.reporting.command_line.rebuild import run_rebuild
from services.reporting.rebuild import tail
from services.reporting.rebuilds import Rebuilds
from services.reporting.refusal import Refused
from services.reporting.reports.report import Reports
from shared.broker import Message
from shared.clock import now
from shared.delivery.replay import Replay
from shared.events.codec import encode
from shared.topics import ACTIVITY, DELIVERED, INTAKE
from tests.figures import EVERYTHING, TARGETS
from tests.histories import Life, lives
from tests.integration.reporting.conftest import World
from tests.waiting import eventually


async def figures_as_bytes(world: World, client: httpx.AsyncClient) -> bytes:
    """The report of now without its time stamps."""
    await world.has_looked(client)
    report = (await client.get("/api/v1/report")).json()
    del report["as_of"]
    return json.dumps(report).encode()


async def run_command(world: World, **environment: str) -> tuple[int, str]:
    """The real command, in a process of its own; its exit status and what it said."""
    command = [sys.executable, "-m", "services.reporting", "rebuild"]
    process = await asyncio.create_subprocess_exec(
        *command, env=world.environment(**environment), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, said.decode()


def split(one: Life, count: int) -> tuple[Life, Life]:
    """All of a life but the activity after the first `count` events, and that."""
    first = dataclasses.replace(one, activity=one.activity[:count])
    return first, Life(one.rng, one.id, one.now, activity=one.activity[count:])


async def complaint(client: httpx.AsyncClient) -> str:
    """What readiness says of the figures."""
    return str((await client.get("/health/ready")).json()["waiting_for"].get("figures", ""))


async def parked_events(world: World, count: int) -> list[Any]:
    """What is parked, once it is so many events."""
    found = await world.database["parked"].find({"events": {"$exists": True}}).sort("_id").to_list(None)
    events = [(document["_id"], event["topic"], event["offset"]) for document in found for event in document["events"]]
    return events if len(events) == count else []


async def drop_first_and_replay(world: World, *lives: Life) -> None:
    """What an operator does who gives up one event."""
    service = build_app(world.settings)
    reader = next(reader for reader in service.readers if reader.name == "reporting-activity")
    replay = Replay(reader.parking, reader.decode, reader.apply)
    for one in lives:
        await replay.skip(str(one.id).encode(), "test_data")
    assert not [outcome async for outcome in replay.run() if outcome.failed]
    service.client.close()


@pytest.mark.parametrize("most_cases", [20_000, 5], ids=["at once", "in many slices"])
async def test_rebuilt_figures_are_the_same_to_the_byte(world: World, most_cases: int) -> None:
    await world.publish(lives(11, 150))
    async with world.running() as client:
        await world.in_step(client)
        before = await figures_as_bytes(world, client)
        assert await world.rebuild(most_cases) == 150
        assert await figures_as_bytes(world, client) == before
    assert "cases_next" not in await world.database.list_collection_names()


async def test_a_rebuild_needs_no_running_service_and_says_how_it_went(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.publish(lives(12, 40))
    assert await run_rebuild(world.settings) == 0
    said = capsys.readouterr().out
    assert "rebuilt: 40 referrals" in said
    assert "events/s" in said
    async with world.running() as client:
        world.check((await client.get("/api/v1/report")).json())


async def test_a_start_after_a_rebuild_takes_the_index_that_it_saved_and_reads_no_case(world: World) -> None:
    await world.publish(lives(19, 60))
    await world.rebuild(most_cases=5)
    await world.database["cases"].delete_many({})  # none has to be there any more
    service = build_app(world.settings)
    caseload = caseload_of(service, world.settings)
    await caseload.look()
    world.check(Reports(caseload, TARGETS).report(EVERYTHING))
    service.client.close()


async def test_figures_are_right_after_rebuilds_while_events_keep_coming(world: World) -> None:
    told = lives(13, 150)

    async def keep_coming(some: list[Life]) -> None:
        for one in some:
            await world.publish([one])

    async with world.running() as client:
        for some in (told[:75], told[75:]):
            coming = asyncio.create_task(keep_coming(some))
            await world.rebuild(30)
            await coming
        await world.in_step(client)
        world.check((await client.get("/api/v1/report")).json())
        assert (await client.get("/health/ready")).is_success
    assert await world.database["parked"].count_documents({}) == 0


async def test_killed_after_the_switch_readers_wait_at_gaps_and_the_next_rebuild_makes_it_good(world: World) -> None:
    one = next(one for one in lives(14, 50) if len(one.activity) > 6)
    first, rest = split(one, 3)
    await world.publish([first])
    async with world.running():
        await world.all_applied()
    status, _ = await run_command(world, CRASH_AT="reporting_after_switch")
    assert status == -signal.SIGKILL
    # As if a reader had counted these events in the old cases after the rebuild had filled the new ones.
    await world.database["cases"].delete_one({"_id": str(one.id)})
    async with world.running() as client:
        await world.publish([rest])
        await world.lease_ends()
        assert "run `rebuild` again" in await eventually(lambda: complaint(client))
        assert await world.database["parked"].count_documents({}) == 0
        await world.rebuild()
        await world.in_step(client)
        world.check((await client.get("/api/v1/report")).json())
        assert await complaint(client) == ""
    assert await world.database["parked"].count_documents({}) == 0


async def test_killed_before_the_switch_a_rebuild_has_changed_nothing(world: World) -> None:
    await world.publish(lives(15, 60))
    async with world.running() as client:
        await world.in_step(client)
        before = await figures_as_bytes(world, client)
        for place in ("reporting_filling:4", "reporting_before_switch"):
            status, _ = await run_command(world, CRASH_AT=place)
            assert status == -signal.SIGKILL
            assert await figures_as_bytes(world, client) == before
            with pytest.raises(Refused, match="another rebuild"):
                await world.rebuild()
            await world.lease_ends()
        await world.rebuild()
        assert await figures_as_bytes(world, client) == before
        assert (await client.get("/health/ready")).is_success


async def test_what_was_parked_stays_parked_and_what_was_dropped_stays_dropped(world: World) -> None:
    sick, gapped, *healthy = [one for one in lives(16, 25) if len(one.activity) > 4]
    await world.publish([*healthy, split(sick, 2)[0], split(gapped, 1)[0]])
    await world.publish_bytes(ACTIVITY, str(sick.id).encode(), b"not json", *map(encode, sick.activity[2:]))
    await world.publish_bytes(ACTIVITY, str(gapped.id).encode(), *map(encode, gapped.activity[2:]))
    async with world.running() as client:
        await world.in_step(client)
        parked = await eventually(lambda: parked_events(world, len(sick.activity) - 1 + len(gapped.activity) - 2))
        before = await figures_as_bytes(world, client)
        await world.rebuild()
        assert await figures_as_bytes(world, client) == before
        assert await parked_events(world, len(parked)) == parked
        await drop_first_and_replay(world, sick, gapped)
        after = await figures_as_bytes(world, client)
        await world.rebuild(most_cases=10)
        assert await figures_as_bytes(world, client) == after != before
        assert await world.database["parked"].count_documents({"events": {"$exists": True}}) == 0


async def test_one_rebuild_at_a_time(world: World) -> None:
    assert await Rebuilds(world.database, now).take()
    with pytest.raises(Refused, match="another rebuild is under way"):
        await world.rebuild()


async def test_topics_that_hold_fewer_referrals_than_the_figures_replace_nothing(world: World) -> None:
    await world.publish(lives(17, 5))
    await world.database["cases"].insert_many([{"_id": str(number)} for number in range(9)])
    with pytest.raises(Refused, match="the topics hold 5 referrals and the figures 9"):
        await world.rebuild()
    assert await world.database["cases"].count_documents({}) == 9


async def test_events_that_this_version_cannot_read_replace_nothing(world: World) -> None:
    topic = world.settings.topic(INTAKE)
    await world.publisher.send([Message(topic, f"key {number}".encode(), b"{}") for number in range(60)])
    with pytest.raises(Refused, match="does not fit"):
        await world.rebuild()


async def test_without_its_topics_a_rebuild_refuses_and_says_why(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_rebuild(world.settings.model_copy(update={"topic_prefix": "nowhere."})) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "there is no topic nowhere." in said
    assert "The figures are as they were." in said


async def test_a_broker_that_says_nothing_is_waited_for_so_long_and_no_longer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.publish(lives(18, 3))
    monkeypatch.setattr(tail, "PATIENCE", 0.0)
    topics = [world.settings.topic(topic) for topic in (INTAKE, ACTIVITY, DELIVERED)]
    reader = tail.Tail(world.settings.kafka, topics)
    await reader.open()
    reader.ends = {partition: end + 1 for partition, end in reader.ends.items()}
    with pytest.raises(Refused, match="Kafka does not answer"):
        [_ async for _ in reader.read(reader.here)]
    await reader.close()
