"""Possible duplicates, for the coordinator: ids and reasons, and a trace of who looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from services.intake.audit.chain import Kind
from services.intake.example import REFERRAL
from services.intake.retention.store import RetentionStore
from shared.clock import now
from shared.principal import Role
from tests.integration.intake.door import PATH
from tests.integration.intake.reading import Desk


def about(**victim: Any) -> dict[str, Any]:
    return {"facts": REFERRAL["facts"], "details": {"victim": victim}}


async def look(desk: Desk, referral: str, role: Role = Role.coordinator, agency: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {desk.issuer.token(role, agency)}"}
    return await desk.client.get(f"{PATH}/{referral}/duplicates", headers=headers)


async def test_the_coordinator_is_told_which_referrals_are_likely_the_same_and_why(desk: Desk) -> None:
    first = await desk.tell(about(names=["Oksana Petrenko"], phone="860-555-0177"))
    same = await desk.tell(about(names=["Petrenco, Oxana"], other="reached at +1 (860) 555-0177"))
    like = await desk.tell(about(names=["Oksana Petrenko"]))
    other = await desk.tell(about(names=["Somebody Else"], phone="860-555-0178"))
    answer = await look(desk, first)
    assert answer.status_code == 200
    found = answer.json()["duplicates"]
    assert [one["referral_id"] for one in found] == [same, like]
    assert found[0]["reasons"] == ["phone", "like_name_and_age"]
    assert found[0]["score"] > found[1]["score"]
    assert "Oksana" not in answer.text
    assert (await look(desk, other)).json()["duplicates"] == []
    assert [entry.deed.kind for entry in await desk.entries(referral=first)] == [Kind.duplicates_read]


async def test_nobody_else_is_told_anything(desk: Desk) -> None:
    referral = await desk.tell(about(names=["Ana Example"]))
    assert (await look(desk, referral, Role.staff, "dcf")).status_code == 403
    assert (await look(desk, referral, Role.analyst)).status_code == 403
    assert (await desk.client.get(f"{PATH}/{referral}/duplicates")).status_code == 401
    assert await desk.entries(referral=referral) == []


async def test_what_is_stored_to_find_them_by_cannot_be_read_and_goes_with_the_details(desk: Desk) -> None:
    referral = await desk.tell(about(names=["Zyx Wvuts"], phone="860-555-0179"))
    traits = desk.service.database["traits"]
    stored = await traits.find_one({"_id": referral})
    assert stored is not None
    assert not any(word in repr(stored).casefold() for word in ("zyx", "wvuts", "5550179"))
    await RetentionStore(desk.service.database).erase(str(UUID(referral)), now())
    assert await traits.find_one({"_id": referral}) is None
