"""The public form with a real database behind it: what is sent is there once, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
import re
import uuid

import httpx

from deploy.embedded import Access
from services.intake.settings import IntakeSettings
from tests.integration.intake.door import Door, open_door
from tests.unit.intake.pages.walk import filled, heading, hidden, to_the_end

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
