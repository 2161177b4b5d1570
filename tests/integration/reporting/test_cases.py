"""From a figure to the coded cases behind it, page by page, and what the ledger says of that."""

from __future__ import annotations

from typing import Any

import httpx

from services.reporting.behind.behind import MOST
from shared.chain import faults
from shared.principal import Role
from tests.histories import lives
from tests.integration.reporting.conftest import World
from tests.integration.reporting.test_extracts import entries, ledger

CASES = "/api/v1/report/cases"


async def pages(client: httpx.AsyncClient, query: str) -> list[Any]:
    """Every page, following `next`."""
    found: list[Any] = [(await client.get(f"{CASES}?{query}")).json()]
    while found[-1]["next"]:
        found.append((await client.get(f"{CASES}?{query}&after={found[-1]['next']}")).json())
    return found


async def test_page_by_page_there_are_as_many_cases_as_the_figure_says_and_the_ledger_has_each_page(world: World) -> None:
    await world.publish(lives(81, 150))
    async with world.running(role=Role.coordinator) as client:
        await world.in_step(client)
        told = await pages(client, "measure=received&period=CY2026")
        assert [len(page["cases"]) for page in told[:-1]] == [MOST] * (len(told) - 1)
        cases = [case for page in told for case in page["cases"]]
        year = {str(event.subject) for event in world.published if event.time.year == 2026}
        assert len(cases) == len({case["referral_id"] for case in cases}) == told[0]["figure"] > 2 * MOST
        assert {case["referral_id"] for case in cases} <= year

        asked = "measure=funnel&row=accepted&column=labor&period=CY2026-Q2&counted_by=event&gender=female&gender=male"
        narrowed = await pages(client, asked)
        found = [case for page in narrowed for case in page["cases"]]
        assert len(found) == narrowed[0]["figure"] > 0
        assert {case["type"] for case in found} == {"labor"}
        assert {case["gender"] for case in found} <= {"female", "male"}

        clocks = await pages(client, "measure=clocks&row=answer&row=started")
        assert sum(case["times"] for page in clocks for case in page["cases"]) == clocks[0]["figure"] > 0

        seen = world.sign_in(Role.analyst)
        by_an_analyst = (await client.get(f"{CASES}?measure=received", headers=seen)).json()
        assert "referral_id" not in by_an_analyst["cases"][0]
        for query in ("", "?measure=received&row=x", "?measure=workload&row=cca&row=offered&counted_by=event", "?lunch=1"):
            answer = await client.get(f"{CASES}{query}")
            assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    written = await entries(world)
    assert [entry.deed.kind for entry in written] == ["cases_read"] * len(written)
    assert len(written) >= len(told) + len(narrowed) + 2
    assert written[0].deed.told["rows"] == MOST
    assert written[-1].deed.told["roles"] == ["analyst"]
    assert faults(written, ledger(world).digest) == []
