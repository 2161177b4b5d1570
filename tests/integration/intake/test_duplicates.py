"""Possible duplicates, for the coordinator: ids and reasons, and a trace of who looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from services.intake.audit.deed import Kind
from services.intake.example import REFERRAL
from services.intake.retention.store import RetentionStore
from shared.clock import now
from shared.events.codec import Codec
from shared.events.envelope import Event
from shared.events.intake import DuplicatesFound, IntakeEvent
from shared.principal import Role
from shared.topics import INTAKE
from tests.integration.intake.door import PATH, records
from tests.integration.intake.reading import Desk
from tests.waiting import eventually


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


BOTH: Codec[Event] = Codec(IntakeEvent)


async def told_of(desk: Desk, *referrals: str) -> list[DuplicatesFound]:
    """The events about likely duplicates of these referrals, once nothing waits to be compared or published."""
    database = desk.service.database

    async def settled() -> bool:
        waits = await database["traits"].count_documents({"waiting": {"$exists": True}})
        return not waits + await database["referrals"].count_documents({"outbox.0": {"$exists": True}})

    await eventually(settled, within=60)
    topic = desk.service.settings.topic(INTAKE)
    found = [
        BOTH.decode(record.value) for record in await records(desk.access, topic, [UUID(one) for one in referrals], within=60)
    ]
    return [one for one in found if isinstance(one, DuplicatesFound) and str(one.subject) in referrals]


async def test_likely_duplicates_are_told_of_on_the_topic_as_ids_score_and_reasons(desk: Desk) -> None:
    first = await desk.tell(about(names=["Mara Testova"], phone="860-555-0155"))
    assert await told_of(desk, first) == []
    second = await desk.tell(about(names=["Testova, Mara"], other="phone 860 555 0155"))
    other = await desk.tell(about(names=["Quite Different"]))
    [event] = await told_of(desk, first, second, other)
    assert (str(event.subject), event.sequence) == (second, 2)
    [found] = event.data.duplicates
    assert str(found.referral) == first
    assert found.score > 0.9
    assert found.reasons == ("phone", "name_and_age")


async def test_an_interruption_before_or_after_the_event_leaves_it_told_of_once(desk: Desk) -> None:
    first = await desk.tell(about(phone="860-555-0156"))
    second = await desk.tell(about(phone="860-555-0156"))
    before = await told_of(desk, first, second)
    assert {second} <= {str(one.subject) for one in before}
    # What a kill leaves: the referral still waits, and the event is stored or is not.
    again = {"_id": {"$in": [first, second]}}
    await desk.service.database["traits"].update_many(again, {"$set": {"waiting": now()}})
    after = await told_of(desk, first, second)
    assert sorted(str(one.subject) for one in after) == sorted({first, second}), "the first was not told of at its time"


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
