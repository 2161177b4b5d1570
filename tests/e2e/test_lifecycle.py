"""The whole system when parts of it go and come back."""

from __future__ import annotations

import asyncio

import httpx

from shared.topics import inbox
from tests.chaos.observation import every_record
from tests.system import System
from tests.waiting import eventually

FACTS = {"reporter": "family", "minor": "no", "town_of_exploitation": "windsor", "trafficking_type": "sex"}


async def post(system: System) -> httpx.Response:
    async with httpx.AsyncClient(base_url=system.addresses["intake"], timeout=10) as client:
        return await client.post("/api/v1/referrals", json={"facts": FACTS})


async def until_offered(system: System, referral: str) -> None:
    async def offered() -> bool:
        records = await every_record(system.broker.access)
        return any(r.topic == inbox("windsor-pd") and r.key == referral.encode() for r in records)

    await eventually(offered, within=60, every=0.3)


async def test_every_service_ends_with_status_0_on_sigterm_and_takes_up_its_work_again(system: System) -> None:
    services = list(system.services.values())
    await asyncio.gather(*(asyncio.to_thread(service.stop) for service in services))
    assert {service.name: service.child.exit_status for service in services} == {service.name: 0 for service in services}
    await asyncio.gather(*(asyncio.to_thread(service.start) for service in services))
    answer = await post(system)
    await until_offered(system, answer.json()["referral_id"])


async def test_while_the_broker_is_away_referrals_are_taken_and_offered_once_it_is_back(system: System) -> None:
    system.broker.kill9()
    try:
        answers = [await post(system) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [202, 202, 202]
    finally:
        await asyncio.to_thread(system.broker.start)
    for answer in answers:
        await until_offered(system, answer.json()["referral_id"])


async def test_while_the_database_is_away_intake_says_whom_to_call_and_takes_referrals_once_it_is_back(system: System) -> None:
    system.database.kill9()
    try:
        refused = await post(system)
        assert refused.status_code == 503
        assert "860-566-3190" in refused.text
    finally:
        await asyncio.to_thread(system.database.start)

    async def taken() -> str | None:
        answer = await post(system)
        return answer.json()["referral_id"] if answer.status_code == 202 else None

    await until_offered(system, await eventually(taken, every=0.5))
