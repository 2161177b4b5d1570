"""Systems of providers: they send with a token of their own, and learn what became of what they sent."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.embedded.ports import HOST
from services.intake.provider import client as client_module
from services.intake.provider.client import Fate, NotAllowed, ProviderClient
from services.intake.provider.rows import from_ndjson
from shared.principal import Role, Scope
from tests.activity import Life
from tests.integration.intake.door import PATH, referral
from tests.integration.intake.reading import Desk


class System:
    """A provider's system with some scopes."""

    def __init__(self, desk: Desk, name: str, *scopes: Scope) -> None:
        self._client = desk.client
        self._headers = {"Authorization": f"Bearer {desk.issuer.system_token(name, *scopes)}"}

    async def send(self, key: str | None = None) -> httpx.Response:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return await self._client.post(PATH, json=referral(), headers=headers)

    async def status(self, id_: str) -> httpx.Response:
        return await self._client.get(f"{PATH}/{id_}/status", headers=self._headers)


async def test_a_system_sends_and_follows_what_becomes_of_it(desk: Desk) -> None:
    clinic = System(desk, "clinic-1", Scope.send, Scope.status)
    sent = await clinic.send()
    assert sent.status_code == 202
    id_ = sent.json()["referral_id"]
    life = Life(UUID(id_))
    seen = [(await clinic.status(id_)).json()["status"]]
    for event in (life.routed(), life.offered("dcf"), life.accepted("dcf"), life.completed("dcf"), life.closed()):
        await desk.follow([event])
        seen.append((await clinic.status(id_)).json()["status"])
    assert seen == ["received", "received", "offered", "in_progress", "in_progress", "ended"]
    await desk.follow([life.reopened()])
    assert (await clinic.status(id_)).json() == {"referral_id": id_, "status": "in_progress"}


async def test_a_status_is_for_the_system_that_sent_it_alone(desk: Desk) -> None:
    clinic, school = System(desk, "clinic-1", *Scope), System(desk, "school-2", *Scope)
    sent = (await clinic.send()).json()["referral_id"]
    anonymous = await desk.tell()
    answers = [await school.status(sent), await clinic.status(anonymous), await clinic.status(str(uuid4()))]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}


async def test_a_token_without_the_scope_or_of_a_person_or_forged_sends_nothing(desk: Desk) -> None:
    assert (await System(desk, "clinic-1", Scope.status).send()).status_code == 403
    assert (await System(desk, "clinic-1", Scope.send).status(str(uuid4()))).status_code == 403
    before = await desk.service.database["referrals"].count_documents({})
    staff = desk.issuer.token(Role.staff, "dcf")
    for token, status in ((staff, 403), (staff[:-4] + "AAAA", 401), ("no-token", 401)):
        answer = await desk.client.post(PATH, json=referral(), headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    assert await desk.service.database["referrals"].count_documents({}) == before


async def test_a_key_of_one_system_means_nothing_to_another(desk: Desk) -> None:
    key = "case-number-0000042"
    clinic, school = System(desk, "clinic-1", Scope.send), System(desk, "school-2", Scope.send)
    first, again, others = await clinic.send(key), await clinic.send(key), await school.send(key)
    assert first.text == again.text
    assert {first.status_code, others.status_code} == {202}
    assert others.json()["referral_id"] != first.json()["referral_id"]


async def test_rows_are_sent_with_the_systems_token_and_none_with_a_worthless_one(desk: Desk) -> None:
    rows = list(from_ndjson([json.dumps(referral()), "{", json.dumps(referral(excluded_agencies=["nobody"]))]))
    client = ProviderClient(desk.client, desk.issuer.system_token("clinic-1", Scope.send))
    fates = {outcome.row.number: outcome async for outcome in client.send_all(rows, at_once=2)}
    assert [fates[number].fate for number in (1, 2, 3)] == [Fate.accepted, Fate.refused, Fate.refused]
    assert fates[3].errors[0].field == "facts.excluded_agencies[0]"
    with pytest.raises(NotAllowed):
        await ProviderClient(desk.client, "worthless").send(rows[0])


async def test_a_row_that_gets_no_answer_is_left_for_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "ATTEMPTS", 2)
    async with httpx.AsyncClient(base_url=f"http://{HOST}:9") as nobody:
        [row] = from_ndjson([json.dumps(referral())])
        assert (await ProviderClient(nobody, None).send(row)).fate is Fate.unsent
