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

from services.reporting.extract.deed import Deed
from services.reporting.extract.ledger import Ledger
from services.reporting.extract.mapping_file import load_fields
from services.reporting.extract.pseudonym import Seal, read_seal
from shared.chain import faults
from shared.chain_command import check
from shared.clock import now
from shared.mongo import Database
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


async def test_a_partner_takes_records_that_are_like_k_others_and_without_an_entry_in_the_ledger_none(world: World) -> None:
    """One started service for the whole story: taken, as JSON lines, by columns, again after more came, and refused.

    Who else gets none: `test_access`. Here, two who have half of what it takes: the role without the name, and the other way.
    """
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
        for role, subject in ((Role.partner, "somebody-else"), (Role.analyst, "development-partner-taskforce")):
            half = {"Authorization": f"Bearer {world.issuer.token(role, subject=subject)}"}
            assert (await client.get(TAKEN, headers=half)).status_code == httpx.codes.FORBIDDEN
        offered = (await client.get(PATH)).json()
        assert [one["field"] for one in offered["fields"]] == list(taken[0])
        found = await entries(world)
        assert len(found) == 3
        assert faults(found, ledger(world).digest) == []

        await world.database.command("collMod", "ledger", validator={"never": {"$exists": True}})  # takes no entry any more
        answer = await client.get(TAKEN)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "ext_Record" not in answer.text


async def test_entries_made_at_once_stand_one_behind_the_other(database: Database) -> None:
    kept = Ledger(database, Seal(b"a" * 32).ledger)
    deeds = [Deed(now(), "cases_read", f"person-{number}", {"rows": number}) for number in range(8)]
    await asyncio.gather(*(kept.add(deed) for deed in deeds))
    found = [entry async for entry in kept.all()]
    assert [entry.number for entry in found] == list(range(1, 9))
    assert faults(found, kept.digest) == []


async def test_a_ledger_whose_end_was_cut_off_shows_against_the_entry_that_was_noted(database: Database) -> None:
    kept = Ledger(database, Seal(b"a" * 32).ledger)
    await kept.add(Deed(now(), "cases_read", "person-1", {"rows": 1}))
    last = await kept.add(Deed(now(), "cases_read", "person-2", {"rows": 2}))
    noted = f"{last.number}:{last.digest.hex()}"
    assert await check(kept.all(), kept.digest, noted) == 0
    await database["ledger"].delete_one({"_id": last.number})
    assert await check(kept.all(), kept.digest) == 0
    assert await check(kept.all(), kept.digest, noted) == 1
