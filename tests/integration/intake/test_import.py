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

from services.intake.example import REFERRAL
from services.intake.provider.import_command import read, send_rows
from tests.integration.intake.door import Door


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """60 good rows, and one that is wrong."""
    file = tmp_path / "cases.ndjson"
    lines = [json.dumps(REFERRAL | {"reference": f"case {number}"}) for number in range(60)]
    file.write_text("\n".join([*lines[:30], json.dumps({"facts": {"reporter": "nobody"}}), *lines[30:]]))
    return file


async def run(door: Door, cases: Path) -> tuple[int | None, str]:
    command = (sys.executable, "-m", "services.intake", "import", str(cases), "--url", str(door.client.base_url))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def send(door: Door, cases: Path) -> int:
    """What the command does, in this process."""
    with open(f"{cases}.results.ndjson", "a") as out:  # noqa: ASYNC230  # a test's own file
        return await send_rows(read(cases, None), str(door.client.base_url), None, out)


def results(cases: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(f"{cases}.results.ndjson").read_text().splitlines()]


def cut_off(cases: Path, after: int) -> None:
    """Leaves the results as a crash would: whole lines, and the beginning of one."""
    file = Path(f"{cases}.results.ndjson")
    file.write_text("\n".join(file.read_text().splitlines()[:after]) + '\n{"row": 21, "sta')


async def test_every_row_is_taken_once_and_a_second_run_sends_only_what_is_left(
    door: Door, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await send(door, cases) == 1
    assert "60 accepted, 1 refused, 0 unsent" in capsys.readouterr().out
    found = results(cases)
    assert len({line["referral_id"] for line in found if line["status"] == "accepted"}) == 60
    assert [line["row"] for line in found if line["status"] == "refused"] == [31]
    cut_off(cases, after=20)
    status, said = await run(door, cases)
    assert status == 1, "one row is still to be mended"
    assert re.search(r"(19|20) rows were accepted before", said)
    assert await door.count("referrals") == 60, "what the results had lost was sent again, and taken once"


async def test_the_example_for_providers_sends_a_referral(door: Door) -> None:
    environment = os.environ | {"INTAKE": str(door.client.base_url)}
    command = (sys.executable, "docs/providers/examples/send.py")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert out.decode().startswith("taken: ")
    assert await door.count("referrals") == 1
