"""The audit in a real database: written by many at once, changed by nobody unnoticed, read by command."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.intake.audit.chain import Deed, Kind, faults
from services.intake.audit.store import Audit, Filter, audit_of
from services.intake.seal import read_seal
from shared import mongo
from tests.integration.intake.door import write_secret

DEED = Deed(datetime(2026, 11, 25, 12, tzinfo=UTC), Kind.details_read, "r1", "person-1", "staff", "dcf", "contact", ("place",))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return write_secret(tmp_path)


@pytest.fixture
async def audit(database: mongo.Database, secret: Path) -> Audit:
    audit = audit_of(database, read_seal(secret))
    await audit.prepare()
    return audit


Run = Callable[..., Any]


@pytest.fixture
def run(database: mongo.Database, mongo_url: str, secret: Path) -> Run:
    """`python -m services.intake audit …`: exit status and what it printed."""
    environment = os.environ | {"MONGO_URL": mongo_url, "MONGO_DATABASE": database.name, "RECEIPT_SECRET_FILE": str(secret)}

    async def run(*words: str) -> tuple[int | None, list[str]]:
        command = (sys.executable, "-m", "services.intake", "audit", *words)
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        return process.returncode, out.decode().splitlines()

    return run


async def test_entries_written_by_several_instances_at_once_are_one_whole_chain(
    audit: Audit, database: mongo.Database, secret: Path
) -> None:
    others = [audit_of(database, read_seal(secret)) for _ in range(3)]
    written = await asyncio.gather(*[one.append(DEED) for one in (audit, *others) for _ in range(10)])
    found = [entry async for entry in audit.find(Filter())]
    assert sorted(entry.number for entry in written) == [entry.number for entry in found] == list(range(1, 41))
    assert faults(found, audit.digest) == []


async def test_the_command_shows_filters_and_finds_what_was_tampered_with(
    audit: Audit, database: mongo.Database, run: Run
) -> None:
    for _ in range(3):
        await audit.append(DEED)
    status, (count, head) = await run("verify")
    assert (status, count) == (0, "3 entries, whole")
    status, lines = await run("list", "--subject", "person-1", "--until", "2026-11-26")
    assert lines[0] == "1 2026-11-25 12:00:00 details_read r1 by person-1 (staff, dcf) for contact: place"
    assert len(lines) == 3
    assert (await run("list", "--kind", "destroyed"))[1] == []
    exported = [json.loads(line) for line in (await run("export", "--referral", "r1"))[1]]
    assert [entry["number"] for entry in exported] == [1, 2, 3]
    assert exported[-1]["digest"] == head.partition(":")[2]
    await database["audit"].delete_one({"_id": 3})
    assert (await run("verify"))[0] == 0, "a cut-off end does not show by itself"
    status, lines = await run("verify", "--head", head)
    assert status == 1
    assert lines[0].startswith("3: the entry that was noted is gone")
    await database["audit"].update_one({"_id": 1}, {"$set": {"subject": "somebody-else"}})
    status, lines = await run("verify")
    assert status == 1
    assert lines[0].startswith("1: the entry")
