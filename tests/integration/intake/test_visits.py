"""Coming back with the receipt code, over HTTP, on a real database and broker."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from deploy.embedded import Access
from services.intake import metrics
from services.intake.pages.throng import PACES, Crowd
from services.intake.retention.store import RetentionStore
from services.intake.settings import IntakeSettings
from services.intake.visits.routes import LASTS
from shared.clock import now
from shared.events.intake import ReferralSupplemented, ReferralWithdrawn
from shared.vocabulary import SafeContact, WithdrawalReason
from tests.integration.intake.door import Door, open_door
from tests.unit.intake.pages.walk import heading, hidden

HERE = "We have what you told us"
ASKED = "Come back with your code"


async def enter(door: Door, code: str) -> httpx.Response:
    return await door.client.post("/en/back", data={"code": code})


async def change(door: Door, page: str, do: str, **more: str) -> httpx.Response:
    return await door.client.post("/en/back/change", data={"note": hidden(page, "note"), "do": do} | more)


async def test_a_code_shows_that_the_referral_is_here_and_nothing_of_what_it_says(door: Door) -> None:
    receipt = (await door.post()).json()
    for code in (receipt["receipt_code"], receipt["receipt_code"].replace("-", ""), receipt["receipt_code"].replace("-", " ")):
        status = await enter(door, code)
        assert heading(status.text) == HERE
    for secret in (receipt["receipt_code"], receipt["referral_id"], "Ana", "manchester", "Motel"):
        assert secret not in status.text


async def test_no_wrong_code_is_told_from_another_by_its_words_or_its_cost(door: Door) -> None:
    """The cost is counted in slow hashes: next to one of them nothing else can be measured over a network."""
    code = (await door.post()).json()["receipt_code"]
    expired = await door.post()
    await RetentionStore(door.service.database).erase(expired.json()["referral_id"], now())
    half_right, never = f"{code[:-1]}{(int(code[-1]) + 1) % 10}", "0000-0000-0000-0000"
    old = expired.json()["receipt_code"]
    wrong = (half_right, never, old, code[:10] + old[10:], "1234", "", "x" * 90, code + "1")
    pages = []
    for typed in (*wrong, code):
        before = metrics.CODES_CHECKED._value.get()  # its own registry has no other way to ask
        pages.append(await enter(door, typed))
        assert metrics.CODES_CHECKED._value.get() - before == 1, typed
    assert {page.status_code for page in pages[:-1]} == {422}
    assert len({page.text for page in pages[:-1]}) == 1
    assert pages[-1].status_code == 200


async def test_it_can_be_taken_back_once_and_routing_is_told_once(door: Door) -> None:
    receipt = await door.post()
    page = (await enter(door, receipt.json()["receipt_code"])).text
    asked = await change(door, page, "ask")
    assert heading(asked.text) == "Do you want to take it back?"
    answers = await asyncio.gather(*[change(door, asked.text, "withdraw", reason="unsafe") for _ in range(5)])
    assert {heading(answer.text) for answer in answers} == {"You took back what you told us"}
    other = await door.post({"facts": {"reporter": "self", "anonymous": True}})  # nothing to be compared by
    told: dict[Any, Any] = {event.id: event for event in await door.events_of(receipt, other)}
    [withdrawn] = [event for event in told.values() if event.type == ReferralWithdrawn.model_fields["type"].default]
    assert str(withdrawn.subject) == receipt.json()["referral_id"]
    assert withdrawn.sequence == 2
    assert withdrawn.data.reason is WithdrawalReason.unsafe


async def test_contact_can_be_said_to_be_unsafe_and_the_facts_follow(door: Door) -> None:
    receipt = await door.post()
    page = (await enter(door, receipt.json()["receipt_code"])).text
    after = await change(door, page, "unsafe")
    assert "No one will try to reach you." in after.text
    await change(door, after.text, "unsafe")
    await change(door, after.text, "withdraw")
    other = await door.post({"facts": {"reporter": "self", "anonymous": True}})  # nothing to be compared by
    told = await door.events_of(receipt, other)
    mine = {event.sequence: event for event in told if str(event.subject) == receipt.json()["referral_id"]}
    assert sorted(mine) == [1, 2, 3]
    supplemented: Any = mine[2]
    assert isinstance(supplemented, ReferralSupplemented)
    assert supplemented.data.facts.safe_contact is SafeContact.unsafe
    assert supplemented.data.facts.no_voicemail


async def test_a_note_is_good_for_a_quarter_of_an_hour_and_for_nothing_else(
    intake_settings: IntakeSettings, access: Access
) -> None:
    time = [datetime(2026, 11, 25, 2, 0, tzinfo=UTC)]
    async with open_door(intake_settings, access, clock=lambda: time[0]) as door:
        page = (await enter(door, (await door.post()).json()["receipt_code"])).text
        form = (await door.client.get("/en/tell/short")).text
        foreign = await door.client.post("/en/back/change", data={"note": hidden(form, "state"), "do": "withdraw"})
        assert heading(foreign.text) == ASKED
        time[0] += LASTS + timedelta(seconds=1)
        late = await change(door, page, "withdraw")
        assert late.status_code == 422
        assert heading(late.text) == ASKED


async def test_codes_cannot_be_tried_one_after_the_other(door: Door) -> None:
    answers = [await enter(door, f"{number:016d}") for number in range(PACES[Crowd.visitor].burst + 1)]
    assert answers[-1].status_code == 429
    assert not re.search(r"\d{4}-\d{4}", answers[-1].text)
