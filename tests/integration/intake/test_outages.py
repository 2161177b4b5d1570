"""The database or the broker is away: nothing that was acknowledged is lost, and everyone is told the truth."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from deploy.embedded import Access, Database
from deploy.embedded.ports import HOST, free_port
from services.intake.settings import IntakeSettings
from shared.settings import MongoSettings
from tests.integration.intake.door import Door, open_door
from tests.unit.intake.pages.walk import heading, hidden
from tests.waiting import eventually

LONGEST_WAIT = 4.5  # seconds: about four, on a machine that others use too


@pytest.fixture(scope="module")
def own_database(tmp_path_factory: pytest.TempPathFactory, mongod_path: Path) -> Iterator[Database]:
    """A database that these tests may stop."""
    with Database(tmp_path_factory.mktemp("mongod"), mongod_path, cache_gb=0.25) as database:
        yield database


@pytest.fixture
async def door(intake_settings: IntakeSettings, own_database: Database, access: Access) -> AsyncIterator[Door]:
    mongo = MongoSettings(url=SecretStr(own_database.url), database=intake_settings.mongo.database)
    async with open_door(intake_settings.model_copy(update={"mongo": mongo}), access) as door:
        yield door


async def assert_told_to_call(door: Door, key: str) -> None:
    started = time.monotonic()
    answer = await door.post(key=key)
    assert time.monotonic() - started < LONGEST_WAIT
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:rhtrt:problem:unavailable"
    assert "860-566-3190 ext. 3128" in answer.json()["detail"]
    assert "911" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0


async def accepted(door: Door, key: str) -> httpx.Response:
    async def accepts() -> httpx.Response | None:
        answer = await door.post(key=key)
        return answer if answer.status_code == 202 else None

    return await eventually(accepts)


async def letter_of(door: Door, code: str) -> dict[str, str]:
    """What the page for more words posts, filled in."""
    status = await door.client.post("/en/back", data={"code": code})
    page = await door.client.post("/en/back/words", data={"note": hidden(status.text, "note"), "do": "tell"})
    return {"letter": hidden(page.text, "letter"), "words": "He has a van.", "do": "send"}


async def test_a_killed_database_gives_503_with_whom_to_call_and_loses_nothing(door: Door, own_database: Database) -> None:
    keys = [str(uuid.uuid4()) for _ in range(8)]
    before = await asyncio.gather(*[door.post(key=key) for key in keys])
    letter = await letter_of(door, before[0].json()["receipt_code"])
    own_database.kill9()
    later = [str(uuid.uuid4()) for _ in range(12)]
    ready, live = [asyncio.create_task(door.client.get(f"/health/{name}")) for name in ("ready", "live")]
    await asyncio.gather(*[assert_told_to_call(door, key) for key in later])
    assert ((await ready).status_code, (await live).status_code) == (503, 200)
    refused = await door.client.post("/en/back/words/send", data=letter)
    assert refused.status_code == 503
    assert letter["words"] in refused.text
    await asyncio.to_thread(own_database.start)
    again = await asyncio.gather(*[accepted(door, key) for key in keys + later])
    assert [answer.json()["receipt_code"] for answer in before] == [answer.json()["receipt_code"] for answer in again[:8]]
    assert await door.count("referrals") == await door.count("details") == 20
    events = await door.events_of(*again)
    assert len({event.id for event in events}) == 20
    added = await door.client.post("/en/back/words/send", data=letter | {"letter": hidden(refused.text, "letter")})
    assert heading(added.text) == "We have it. Thank you."


async def test_a_frozen_database_gives_503_in_time_and_a_new_attempt_makes_no_second_referral(
    door: Door, own_database: Database
) -> None:
    key = str(uuid.uuid4())
    assert (await door.post()).status_code == 202
    assert own_database.pid is not None
    os.kill(own_database.pid, signal.SIGSTOP)
    try:
        await assert_told_to_call(door, key)
    finally:
        os.kill(own_database.pid, signal.SIGCONT)
    answer = await accepted(door, key)
    await door.events_of(answer)
    assert await door.count("referrals") == await door.count("details") == 2


@asynccontextmanager
async def forwarding(port: int, target: str) -> AsyncIterator[None]:
    """Lets `port` lead to the target, as if a broker had come up there."""
    host, target_port = target.split(":")

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection(host, int(target_port))
        await asyncio.gather(pump(reader, other_writer), pump(other_reader, writer), return_exceptions=True)

    async with await asyncio.start_server(forward, HOST, port):
        yield


async def test_without_a_broker_referrals_are_accepted_and_published_once_there_is_one(
    intake_settings: IntakeSettings, access: Access
) -> None:
    port = free_port()
    settings = intake_settings.model_copy(update={"kafka": access.settings("intake", bootstrap_servers=f"{HOST}:{port}")})
    async with open_door(settings, access) as door:
        answers: list[Any] = await asyncio.gather(*[door.post() for _ in range(10)])
        assert [answer.status_code for answer in answers] == [202] * 10
        assert (await door.client.get("/health/ready")).status_code == 200
        assert await door.records() == []
        async with forwarding(port, access.address):
            events = await door.events_of(*answers)
        assert len({event.id for event in events}) == 10
