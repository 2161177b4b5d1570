"""An extract for a named partner, from the real database: what it holds, who gets it, and what the ledger says."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from services.reporting.extract.chain import Deed, faults
from services.reporting.extract.ledger import Ledger
from services.reporting.extract.mapping_file import load_fields
from services.reporting.extract.pseudonym import read_seal
from shared.clock import now
from shared.principal import Role
from tests.histories import lives
from tests.integration.reporting.conftest import World

PATH = "/api/v1/extracts"
TAKEN = f"{PATH}/FY2026-Q2.csv?purpose=demonstration"
QUASI = [one.name for one in load_fields(Path("config")).quasi]
K = 5


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.is_success, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def ledger(world: World) -> Ledger:
    assert world.settings.extract_secret_file
    return Ledger(world.database, read_seal(world.settings.extract_secret_file).ledger)


async def entries(world: World) -> list[Any]:
    return [entry async for entry in ledger(world).all()]


async def test_a_partner_takes_records_that_are_like_k_others_and_the_ledger_says_so(world: World) -> None:
    """One started service for the whole story: taken, as JSON lines, by columns, again after more came, and refused."""
    await world.publish(lives(51, 300))
    async with world.running(role=Role.partner) as client:
        await world.all_applied()
        taken = rows(await client.get(TAKEN))
        classes = Counter(tuple(row[name] for name in QUASI) for row in taken)
        assert len(taken) > 20
        assert min(classes.values()) >= K
        ids = {str(event.subject) for event in world.published}
        assert not any(id_ in str(row) for row in taken for id_ in ids)
        assert [row["ext_Record"] for row in taken] == sorted({row["ext_Record"] for row in taken})

        answer = await client.get(f"{PATH}/FY2026-Q2.jsonl?purpose=demonstration&column=vic_MethodsOfControl&column=cas_Status")
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert [line["ext_Record"] for line in lines] == [row["ext_Record"] for row in taken]
        assert [line["cas_Status"] for line in lines] == [row["cas_Status"] for row in taken]
        assert set(lines[0]) == {"ext_Record", "vic_MethodsOfControl", "cas_Status"}

        first, second = await entries(world)
        assert first.deed.subject == "development-partner-taskforce"
        told = dict(first.deed.told)
        asked = {"partner": "demonstration", "period": "FY2026-Q2", "purpose": "demonstration", "format": "csv", "k": K}
        assert {name: told[name] for name in asked} == asked
        assert told["rows"] == len(taken)
        assert second.deed.told["columns"] == ["vic_MethodsOfControl", "cas_Status"]
        assert second.deed.told["levels"] == told["levels"]

        await world.publish(lives(52, 100))
        await world.all_applied()
        again = rows(await client.get(TAKEN))
        assert len(again) > len(taken)
        *_, third = await entries(world)
        assert all(third.deed.told["levels"][name] >= told["levels"][name] for name in QUASI)

        for query in ("", "?purpose=marketing", "?purpose=demonstration&column=prs_FirstName", "?purpose=demonstration&town=x"):
            assert (await client.get(f"{PATH}/FY2026-Q2.csv{query}")).status_code == httpx.codes.UNPROCESSABLE_ENTITY
        for name in ("FY2026.csv", "FY2199-Q1.csv", "lunch.csv"):
            answer = await client.get(f"{PATH}/{name}?purpose=demonstration")
            assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert (await client.get(f"{PATH}/FY2026-Q2.xlsx?purpose=demonstration")).status_code == httpx.codes.NOT_FOUND
        offered = (await client.get(PATH)).json()
        assert [one["field"] for one in offered["fields"]] == list(taken[0])
    found = await entries(world)
    assert len(found) == 3
    assert faults(found, ledger(world).digest) == []


async def test_an_extract_is_for_the_partners_that_are_named_and_for_nobody_else(world: World) -> None:
    async with world.running(role=None) as client:
        for path in (PATH, TAKEN):
            assert (await client.get(path)).status_code == httpx.codes.UNAUTHORIZED
            for role, agency in ((Role.coordinator, None), (Role.analyst, None), (Role.staff, "cca"), (Role.supervisor, "cca")):
                assert (await client.get(path, headers=world.sign_in(role, agency))).status_code == httpx.codes.FORBIDDEN
            unnamed = {"Authorization": f"Bearer {world.issuer.token(Role.partner, subject='somebody-else')}"}
            assert (await client.get(path, headers=unnamed)).status_code == httpx.codes.FORBIDDEN
        named_without_the_role = {
            "Authorization": f"Bearer {world.issuer.token(Role.analyst, subject='development-partner-taskforce')}"
        }
        assert (await client.get(TAKEN, headers=named_without_the_role)).status_code == httpx.codes.FORBIDDEN
        metrics = (await client.get("/metrics")).text
    assert 'reporting_extracts_total{extract="refused"}' in metrics
    assert await entries(world) == []


async def test_without_an_entry_in_the_ledger_there_is_no_first_byte(world: World) -> None:
    await world.publish(lives(53, 60))
    async with world.running(role=Role.partner) as client:
        await world.all_applied()
        await world.database.create_collection("ledger", validator={"never": {"$exists": True}})  # takes no entry
        answer = await client.get(TAKEN)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "ext_Record" not in answer.text


async def test_entries_made_at_once_stand_one_behind_the_other(world: World) -> None:
    kept = ledger(world)
    deeds = [Deed(now(), "cases_read", f"person-{number}", {"rows": number}) for number in range(8)]
    await asyncio.gather(*(kept.add(deed) for deed in deeds))
    found = await entries(world)
    assert [entry.number for entry in found] == list(range(1, 9))
    assert faults(found, kept.digest) == []
