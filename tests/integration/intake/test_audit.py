"""The audit in a real database: written by many at once, changed by nobody unnoticed, read by command."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.intake.audit.commands import line, plain, show
from services.intake.audit.deed import Deed, Kind
from services.intake.audit.store import Audit, Filter, audit_of
from services.intake.seal import read_seal
from services.intake.settings import IntakeSettings
from shared import mongo
from shared.chain import faults
from shared.chain_command import check
from tests.integration.intake.door import write_secret
from tests.integration.intake.program import program, surround

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

    async def checked(head: str | None = None) -> int:
        return await check(audit.find(Filter()), audit.digest, head)

    for _ in range(3):
        await audit.append(DEED)
    assert await checked() == 0
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
    assert await checked() == 0, "a cut-off end does not show by itself"
    said()
    assert await checked(head) == 1
    assert said()[0].startswith("3: the entry that was noted is gone")
    await database["audit"].update_one({"_id": 1}, {"$set": {"subject": "somebody-else"}})
    assert await checked() == 1
    assert said()[0].startswith("1: the entry")


async def test_the_program_has_the_command(
    database: mongo.Database,
    intake_settings: IntakeSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mine = audit_of(database, read_seal(intake_settings.receipt_secret_file))
    await mine.append(DEED)
    surround(monkeypatch, intake_settings)
    capsys.readouterr()
    assert await program("audit", "export", "--since", "2026-11-25T12:00:00") == 0
    [entry] = [entry async for entry in mine.find(Filter())]
    assert json.loads(capsys.readouterr().out) == plain(entry)
    assert await program("audit", "verify", "--head", f"2:{entry.digest.hex()}") == 1
