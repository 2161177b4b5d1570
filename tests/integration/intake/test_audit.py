"""The audit in a real database: written by many at once, changed by nobody unnoticed, read by command."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.intake.audit.chain import Deed, Kind, faults
from services.intake.audit.commands import check, line, plain, show
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


async def test_entries_written_by_several_instances_at_once_are_one_whole_chain(
    audit: Audit, database: mongo.Database, secret: Path
) -> None:
    others = [audit_of(database, read_seal(secret)) for _ in range(3)]
    written = await asyncio.gather(*[one.append(DEED) for one in (audit, *others) for _ in range(10)])
    found = [entry async for entry in audit.find(Filter())]
    assert sorted(entry.number for entry in written) == [entry.number for entry in found] == list(range(1, 41))
    assert faults(found, audit.digest) == []


async def test_the_commands_show_filter_and_find_what_was_tampered_with(
    audit: Audit, database: mongo.Database, capsys: pytest.CaptureFixture[str]
) -> None:
    def said() -> list[str]:
        return capsys.readouterr().out.splitlines()

    for _ in range(3):
        await audit.append(DEED)
    assert await check(audit) == 0
    count, head = said()
    assert count == "3 entries, whole"
    await show(audit.find(Filter(subject="person-1", until=DEED.at + timedelta(days=1))), line)
    lines = said()
    assert lines[0] == "1 2026-11-25 12:00:00 details_read r1 by person-1 (staff, dcf) for contact: place"
    assert len(lines) == 3
    await show(audit.find(Filter(kind=Kind.destroyed)), line)
    assert said() == []
    assert [plain(entry)["number"] async for entry in audit.find(Filter(referral="r1"))] == [1, 2, 3]
    await database["audit"].delete_one({"_id": 3})
    assert await check(audit) == 0, "a cut-off end does not show by itself"
    said()
    assert await check(audit, head) == 1
    assert said()[0].startswith("3: the entry that was noted is gone")
    await database["audit"].update_one({"_id": 1}, {"$set": {"subject": "somebody-else"}})
    assert await check(audit) == 1
    assert said()[0].startswith("1: the entry")


async def test_the_program_has_the_command(audit: Audit, database: mongo.Database, mongo_url: str, secret: Path) -> None:
    await audit.append(DEED)
    environment = os.environ | {"MONGO_URL": mongo_url, "MONGO_DATABASE": database.name, "RECEIPT_SECRET_FILE": str(secret)}
    command = (sys.executable, "-m", "services.intake", "audit", "export", "--since", "2026-11-25T12:00:00")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    [entry] = [entry async for entry in audit.find(Filter())]
    assert json.loads(out) == plain(entry)
