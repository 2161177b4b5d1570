"""A file of referrals, sent by the command to a running intake: each row once, whatever is interrupted."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded import Access, Issuer
from services.intake.example import REFERRAL
from services.intake.settings import IntakeSettings
from shared.principal import Scope
from tests.files import picture
from tests.integration.intake.door import Door, open_door
from tests.integration.intake.program import program
from tests.integration.intake.reading import trusting


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """60 good rows, and one that is wrong."""
    file = tmp_path / "cases.ndjson"
    lines = [json.dumps(REFERRAL | {"reference": f"case {number}"}) for number in range(60)]
    file.write_text("\n".join([*lines[:30], json.dumps({"facts": {"reporter": "nobody"}}), *lines[30:]]))
    return file


async def run(door: Door, cases: Path) -> object:
    return await program("import", str(cases), "--url", str(door.client.base_url))


def results(cases: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(f"{cases}.results.ndjson").read_text().splitlines()]


def cut_off(cases: Path, after: int) -> None:
    """Leaves the results as a crash would: whole lines, and the beginning of one."""
    file = Path(f"{cases}.results.ndjson")
    file.write_text("\n".join(file.read_text().splitlines()[:after]) + '\n{"row": 21, "sta')


async def test_every_row_is_taken_once_and_a_second_run_sends_only_what_is_left(
    door: Door, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(door, cases) == 1
    assert "60 accepted, 1 refused, 0 unsent" in capsys.readouterr().out
    found = results(cases)
    assert len({line["referral_id"] for line in found if line["status"] == "accepted"}) == 60
    assert [line["row"] for line in found if line["status"] == "refused"] == [31]
    cut_off(cases, after=20)
    assert await run(door, cases) == 1, "one row is still to be mended"
    assert re.search(r"(19|20) rows were accepted before", capsys.readouterr().out)
    assert await door.count("referrals") == 60, "what the results had lost was sent again, and taken once"


async def test_the_example_for_providers_sends_a_referral_with_a_file(
    intake_settings: IntakeSettings, access: Access, tmp_path: Path
) -> None:
    photo, command = tmp_path / "photo.jpg", (sys.executable, "docs/providers/examples/send.py")
    photo.write_bytes(picture())
    issuer = Issuer(tmp_path / "key", tmp_path / "issuer.log").start()
    try:
        async with open_door(trusting(intake_settings, issuer), access) as door:
            told = {"INTAKE": str(door.client.base_url), "TOKEN": issuer.system_token("clinic-1", *Scope), "FILE": str(photo)}
            process = await asyncio.create_subprocess_exec(*command, env=os.environ | told, stdout=asyncio.subprocess.PIPE)
            out, _ = await process.communicate()
            assert process.returncode == 0
            assert (await door.count("referrals"), await door.count("attachments")) == (1, 1)
    finally:
        issuer.stop()
    lines = out.decode().splitlines()
    assert lines[0].startswith("taken: ")
    assert lines[1:] == [f"file taken: jpeg {photo.stat().st_size} bytes", "status: received"]
