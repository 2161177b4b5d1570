"""The public form with a real database behind it: what is sent is there once, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

import httpx

from deploy.embedded import Access
from services.intake.pages.page_state import Envelope, PageState
from services.intake.pages.question import Way
from services.intake.pages.throng import PACES, Crowd
from services.intake.pages.turn_to_send import PATIENCE
from services.intake.seal import read_seal
from services.intake.settings import IntakeSettings
from tests.integration.intake.door import Door, open_door
from tests.unit.intake.pages.walk import filled, heading, hidden, puzzle_on, solved, to_the_end

NAME = "Ana Example"


async def send(client: httpx.AsyncClient, page: str) -> httpx.Response:
    return await client.post("/en/send", data={"state": hidden(page, "state"), "page": "check", "do": "send"})


def code(answer: httpx.Response) -> str:
    found = re.search(r"[0-9]{4}(-[0-9]{4}){3}", answer.text)
    assert found, heading(answer.text)
    return found[0]


async def test_what_is_sent_becomes_one_referral_however_often_it_is_sent(door: Door) -> None:
    page = await to_the_end(door.client, "full", happening=f"{NAME} may not leave", town="windsor")
    answers = await asyncio.gather(*[send(door.client, page) for _ in range(5)])
    assert {answer.status_code for answer in answers} == {200}
    assert len({code(answer) for answer in answers}) == 1
    [stored] = await door.service.database["referrals"].find().to_list()
    assert stored["facts"]["channel"] == "web"
    assert stored["facts"]["town_of_exploitation"] == "windsor"
    assert NAME not in str(stored)
    [event] = await door.events_of(httpx.Response(202, json={"referral_id": stored["_id"]}))
    assert event.data.facts.channel == "web"


async def test_what_is_changed_after_sending_is_said_not_to_be_in_it(door: Door) -> None:
    page = await to_the_end(door.client, "short")
    await send(door.client, page)
    back = (
        await door.client.post("/en/tell", data={"state": hidden(page, "state"), "page": "check", "do": "change:town"})
    ).text
    page = (await door.client.post("/en/tell", data=filled(back, {"town": "windsor"}) | {"do": "on"})).text
    answer = await send(door.client, page)
    assert answer.status_code == 409
    assert heading(answer.text) == "You have sent this before"
    assert await door.count("referrals") == 1


async def flood(client: httpx.AsyncClient, sealed: list[str]) -> list[int]:
    """Sends many forms at once, as a program does that does not care for the answers."""
    turns = asyncio.Semaphore(20)

    async def one(state: str) -> int:
        async with turns:
            return (await client.post("/en/send", data={"state": state})).status_code

    return await asyncio.gather(*[one(state) for state in sealed])


async def test_a_flood_of_a_thousand_sends_keeps_nobody_waiting_for_a_minute(
    intake_settings: IntakeSettings, access: Access
) -> None:
    """Who has script solves a puzzle; who has none waits 20 seconds, which the clock here skips."""
    time = [datetime(2026, 11, 25, 2, 0, tzinfo=UTC)]
    async with open_door(intake_settings, access, clock=lambda: time[0]) as door:
        page = await to_the_end(door.client, "short")
        told = {"danger": ("no",), "who": ("self",), "town": ("unknown",), "police": ("no",), "contact": ("unsafe",)}
        template = PageState(Way.short, "", 0, told | {"happening": (), "place": ()})
        envelope = Envelope(read_seal(intake_settings.receipt_secret_file))
        keys = [f"flood-of-forms-{number:05d}" for number in range(1_000)]
        forms = [envelope.close(replace(template, key=key), time[0]) for key in keys]
        started = monotonic()
        answers = await flood(door.client, forms)
        assert answers.count(200) == PACES[Crowd.visitor].burst
        assert answers.count(429) == 1_000 - PACES[Crowd.visitor].burst

        slow = await send(door.client, page)
        assert heading(slow.text) == "Many people write to us just now"
        with_script = {"state": hidden(slow.text, "state"), "solution": solved(puzzle_on(slow.text))}
        assert code(await door.client.post("/en/send", data=with_script))
        assert monotonic() - started < 60

        patient = await send(door.client, await to_the_end(door.client, "short"))
        assert (await send(door.client, patient.text)).status_code == 429
        time[0] += PATIENCE
        assert code(await send(door.client, patient.text))


async def test_a_restart_in_the_middle_loses_nothing_typed(intake_settings: IntakeSettings, access: Access) -> None:
    told = f"{NAME} {uuid.uuid4()}"
    async with open_door(intake_settings, access) as door:
        page = (await door.client.get("/en/tell/short")).text
        while hidden(page, "page") != "place":
            page = (await door.client.post("/en/tell", data=filled(page, {"happening": told}) | {"do": "on"})).text
        assert await door.count("referrals") == 0
    async with open_door(intake_settings, access) as door:
        while hidden(page, "page") != "check":
            page = (await door.client.post("/en/tell", data=filled(page, {}) | {"do": "on"})).text
        assert told in page
        assert (await send(door.client, page)).status_code == 200
