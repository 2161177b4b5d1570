"""Frozen periods and what of them may be published."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import signal
import sys
from typing import Any

import httpx
import pytest

from services.reporting.command_line.freeze import run_freeze
from services.reporting.measures import BY_NAME
from services.reporting.release.release import COLUMNS, RELEASED
from shared.principal import Role
from tests.histories import lives
from tests.integration.reporting.conftest import World

QUARTER = "CY2026-Q1"


async def freeze(world: World, period: str = QUARTER) -> int:
    return await run_freeze(world.settings, period)


async def release(client: httpx.AsyncClient, period: str = QUARTER, **headers: str) -> Any:
    return (await client.get(f"/api/v1/releases/{period}", headers=headers)).json()


async def hashes(world: World) -> dict[tuple[str, int], str]:
    """Of everything that is frozen, by audience and version."""
    found = await world.database["frozen"].find().to_list(None)
    return {(one["_id"]["audience"], one["_id"]["version"]): one["sha256"] for one in found}


async def killed_while_freezing(world: World, at: str) -> None:
    """The real command, in a process of its own."""
    command = [sys.executable, "-m", "services.reporting", "freeze", QUARTER]
    environment = world.environment(CRASH_AT=at)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    assert await asyncio.wait_for(process.wait(), 120) == -signal.SIGKILL


def cells(content: Any) -> dict[Any, int | None]:
    """Measure, row and column to what is told."""
    return {
        (measure, *(row[by] for by in BY_NAME[measure].by), column): row[column]
        for measure in RELEASED
        for row in content["figures"]["receipt"][measure]
        for column in COLUMNS
    }


async def test_a_frozen_period_is_the_same_bytes_again_and_a_correction_is_a_new_version_that_says_what_changed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    told = lives(31, 90)
    late = next(one for one in told if one.activity and one.intake[0].time.month == 2)
    first = dataclasses.replace(late, activity=[], delivered=[])
    await world.publish([*(one for one in told if one is not late), first])
    async with world.running() as client:
        await world.in_step(client)
        assert await freeze(world) == 0
        before = await client.get(f"/api/v1/releases/{QUARTER}")
        assert before.headers["etag"] == f'"{hashlib.sha256(before.content).hexdigest()}"'
        assert await freeze(world) == 0
        assert "nothing has changed" in capsys.readouterr().out
        await world.publish([late])
        await world.in_step(client)
        by_now = (await client.get(f"/api/v1/releases/{QUARTER}/changes")).json()
        assert await freeze(world) == 0
        assert (await client.get(f"/api/v1/releases/{QUARTER}?version=1")).content == before.content
        after = await release(client)
        (_, second) = [one for one in (await client.get("/api/v1/releases")).json()["releases"] if one["period"] == QUARTER]
    assert by_now["changes"] == second["changes"]
    routed = {"counted_by": "receipt", "measure": "routed", "row": {"urgency": "not_routed"}, "column": "total"}
    changed = [one for one in second["changes"] if one.items() >= routed.items()]
    assert [one["was"] - one["is"] for one in changed] == [1]
    assert after["figures"]["receipt"]["received"] == before.json()["figures"]["receipt"]["received"]


async def test_the_inside_sees_true_counts_and_partners_and_the_public_none_under_their_threshold(world: World) -> None:
    await world.publish(lives(32, 200))
    async with world.running(role=None) as client:
        await world.all_applied()
        assert await freeze(world) == 0
        true = cells(await release(client, **world.sign_in(Role.analyst)))
        partner = cells(await release(client, **world.sign_in(Role.staff, "cca")))
        public = cells(await release(client))
        for shown, threshold in ((partner, 5), (public, 11)):
            assert all(value is None or value == true[cell] for cell, value in shown.items())
            assert not [cell for cell, value in shown.items() if value is not None and 0 < value < threshold]
            assert None in shown.values()
        assert list(public.values()).count(None) > list(partner.values()).count(None)
        for ending, start in (("csv", b"period,"), ("xlsx", b"PK"), ("pdf", b"%PDF-"), ("json", b"{")):
            answer = await client.get(f"/api/v1/releases/{QUARTER}.{ending}")
            assert answer.content.startswith(start)
        assert (await client.get(f"/api/v1/releases/{QUARTER}.docx")).status_code == httpx.codes.NOT_FOUND
        assert (await client.get("/api/v1/releases/CY2020")).status_code == httpx.codes.NOT_FOUND
        headers = {"Authorization": "Bearer nonsense"}
        assert (await client.get("/api/v1/releases", headers=headers)).status_code == httpx.codes.UNAUTHORIZED


async def test_killed_while_freezing_the_next_run_adds_what_is_missing_and_the_bytes_are_the_same(
    world: World,
) -> None:
    await world.publish(lives(34, 15))
    async with world.running() as client:
        await world.in_step(client)
    await killed_while_freezing(world, "reporting_freezing:2")
    assert [*await hashes(world)] == [("internal", 1)]
    assert await freeze(world) == 0
    after = await hashes(world)
    assert after.keys() == {("internal", 1), ("partner", 1), ("public", 1)}
    await world.database["frozen"].delete_many({})
    assert await freeze(world) == 0
    assert await hashes(world) == after


async def test_a_period_that_is_not_over_or_has_no_name_is_not_frozen(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for period, why in (("CY2199", "is not over yet"), ("lunch", "no such period")):
        assert await freeze(world, period) == 1
        assert why in capsys.readouterr().out
    assert await world.database["frozen"].count_documents({}) == 0


async def test_a_report_can_be_had_in_every_format_with_the_filters_of_its_address(world: World) -> None:
    await world.publish(lives(33, 40))
    async with world.running() as client:
        await world.in_step(client)
        for ending, start in (("csv", b"period,"), ("xlsx", b"PK"), ("pdf", b"%PDF-"), ("json", b"{")):
            answer = await client.get(f"/api/v1/report.{ending}?period=CY2026&town=hartford")
            assert answer.content.startswith(start)
        told = (await client.get("/api/v1/report.json?period=CY2026&town=hartford")).json()
        assert [row["town"] for row in told["figures"]["receipt"]["received_by_town"] if row["total"]] == ["hartford"]
        answer = await client.get("/api/v1/report.csv", headers=world.sign_in(Role.staff, "cca"))
        assert answer.status_code == httpx.codes.FORBIDDEN
