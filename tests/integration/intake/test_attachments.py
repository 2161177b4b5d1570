"""Files of a referral: who sends them and who reads them, over HTTP, on a real database."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import httpx
from PIL import Image

from shared.principal import Role, Scope
from tests.activity import Life
from tests.integration.intake.door import PATH, referral
from tests.integration.intake.files import CANARY, picture
from tests.integration.intake.reading import Desk


class Clinic:
    """A provider's system that sends referrals and files."""

    def __init__(self, desk: Desk, name: str = "clinic-1", *scopes: Scope) -> None:
        self._desk = desk
        self._headers = {"Authorization": f"Bearer {desk.issuer.system_token(name, *(scopes or Scope))}"}

    async def tell(self, **facts: Any) -> str:
        answer = await self._desk.client.post(PATH, json=referral(**facts), headers=self._headers)
        return str(answer.json()["referral_id"])

    async def add(self, id_: str, content: bytes, name: str = "photo.jpg", key: str | None = None) -> httpx.Response:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return await self._desk.client.post(f"{PATH}/{id_}/attachments", files={"file": (name, content)}, headers=headers)


async def offered(desk: Desk, id_: str, *agencies: str) -> Life:
    life = Life(UUID(id_))
    await desk.follow([life.routed(), *[life.offered(agency) for agency in agencies]])
    return life


async def get(
    desk: Desk, id_: str, *rest: str, role: Role = Role.staff, agency: str = "dcf", purpose: str = "contact"
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {desk.issuer.token(role, agency, subject='person-7')}"}
    path = "/".join((PATH, id_, "attachments", *rest))
    return await desk.client.get(path, params={"purpose": purpose}, headers=headers)


async def test_a_picture_is_read_without_what_its_camera_wrote_and_the_original_by_a_step_of_its_own(desk: Desk) -> None:
    clinic, sent = Clinic(desk), picture(size=(4500, 300))
    id_ = await clinic.tell()
    taken = await clinic.add(id_, sent, "Ana at work.jpg")
    assert taken.status_code == 201, taken.text
    assert (taken.json()["kind"], taken.json()["bytes"], taken.json()["state"]) == ("jpeg", len(sent), "waiting")
    await offered(desk, id_, "dcf")
    [listed] = (await get(desk, id_)).json()["attachments"]
    assert (listed["name"], listed["attachment_id"]) == ("Ana at work.jpg", taken.json()["attachment_id"])
    answer = await get(desk, id_, listed["attachment_id"])
    assert answer.headers["content-type"] == "image/jpeg"
    assert CANARY.encode() in sent
    assert CANARY.encode() not in answer.content
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.size == (4096, 273)
        assert not shown.getexif()
    original = await get(desk, id_, listed["attachment_id"], "original", purpose="evidence")
    assert original.content == sent
    kinds = [(entry.deed.kind, entry.deed.purpose) for entry in await desk.entries(referral=id_)]
    assert kinds == [("attachments_listed", "contact"), ("attachment_read", "contact"), ("original_read", "evidence")]
