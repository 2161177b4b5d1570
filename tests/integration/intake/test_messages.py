"""Questions of the coordinator, words of the reporter: kept like details, told as codes, read with a trace."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake.attachments.store import AttachmentStore
from services.intake.audit.deed import Kind
from services.intake.example import REFERRAL
from services.intake.messages.message import LONGEST
from services.intake.retention.store import RetentionStore
from shared.clock import now
from shared.principal import Role
from shared.topics import INTAKE
from tests.activity import Life
from tests.integration.intake.door import PATH, events_of, vault_of
from tests.integration.intake.reading import Desk
from tests.unit.intake.pages.walk import heading, hidden

QUESTION = "MARKER is she at the same place still?"
WORDS = "MARKER he took her to another town last night"
THANKS = "We have it. Thank you."


class Case:
    """One referral, its reporter's pages and the coordinator's requests."""

    def __init__(self, desk: Desk, receipt: dict[str, Any]) -> None:
        self.desk = desk
        self.id = str(receipt["referral_id"])
        self.code = str(receipt["receipt_code"])

    async def back(self) -> str:
        page = await self.desk.client.post("/en/back", data={"code": self.code})
        assert page.status_code == 200, heading(page.text)
        return page.text

    async def begin(self, do: str = "tell") -> str:
        note = hidden(await self.back(), "note")
        return (await self.desk.client.post("/en/back/words", data={"note": note, "do": do})).text

    async def send(self, page: str, words: str, do: str = "send", language: str = "en") -> httpx.Response:
        sent = {"note": hidden(page, "note"), "letter": hidden(page, "letter"), "words": words, "do": do}
        return await self.desk.client.post(f"/{language}/back/words/send", data=sent)

    async def tell(self, words: str, do: str = "tell") -> None:
        assert heading((await self.send(await self.begin(do), words)).text) == THANKS

    async def ask(
        self, role: Role = Role.coordinator, agency: str | None = None, *, text: str = QUESTION, id_: UUID | None = None
    ) -> httpx.Response:
        body = {"id": str(id_ or uuid4()), "text": text}
        return await self.desk.client.post(f"{PATH}/{self.id}/messages", json=body, headers=self._token(role, agency))

    async def read(self, role: Role = Role.coordinator, agency: str | None = None) -> httpx.Response:
        headers, purpose = self._token(role, agency), {"purpose": "coordination"}
        return await self.desk.client.get(f"{PATH}/{self.id}/messages", params=purpose, headers=headers)

    async def waiting(self, role: Role = Role.coordinator, agency: str | None = None) -> httpx.Response:
        return await self.desk.client.get("/api/v1/messages", headers=self._token(role, agency))

    async def is_waiting(self) -> bool:
        return self.id in {one["referral_id"] for one in (await self.waiting()).json()["waiting"]}

    def _token(self, role: Role, agency: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.desk.issuer.token(role, agency)}"}

    async def events(self) -> list[Any]:
        topic = self.desk.service.settings.topic(INTAKE)
        other = await self.desk.tell()
        told = await events_of(self.desk.access, topic, {UUID(self.id), UUID(other)}, within=60)
        return sorted({one.sequence: one for one in told if str(one.subject) == self.id}.values(), key=lambda one: one.sequence)


@pytest.fixture
async def case(desk: Desk) -> Case:
    answer = await desk.client.post(PATH, json=REFERRAL)
    return Case(desk, answer.json())


async def test_a_question_is_asked_seen_answered_and_read_and_only_codes_are_told(case: Case) -> None:
    asked = await case.ask()
    assert asked.status_code == 201
    page = await case.back()
    assert QUESTION in page
    form = await case.begin(f"answer:{asked.json()['id']}")
    assert QUESTION in form
    assert heading((await case.send(form, WORDS)).text) == THANKS
    assert await case.is_waiting()
    read = (await case.read()).json()
    assert [(one["number"], one["by"], one["text"], one["answers"]) for one in read["messages"]] == [
        (1, "coordinator", QUESTION, None),
        (2, "reporter", WORDS, asked.json()["id"]),
    ]
    assert not await case.is_waiting(), "what was read waits no more"
    after = await case.back()
    assert QUESTION not in after, "what is answered is not asked again"
    assert WORDS not in after, "words are never shown to whoever holds the code"
    events = await case.events()
    assert [(one.sequence, getattr(one.data, "added", None)) for one in events] == [(1, None), (2, ("answer",))]
    assert "MARKER" not in "".join(one.model_dump_json() for one in events)


async def test_words_are_added_once_however_often_they_are_sent(case: Case) -> None:
    form = await case.begin()
    answers = await asyncio.gather(*[case.send(form, WORDS) for _ in range(4)])
    assert {heading(one.text) for one in answers} == {THANKS}
    assert [one["text"] for one in (await case.read()).json()["messages"]] == [WORDS]
    assert len(await case.events()) == 2


async def test_a_question_is_asked_once_however_often_it_is_sent(case: Case) -> None:
    id_ = uuid4()
    answers = await asyncio.gather(*[case.ask(id_=id_) for _ in range(4)])
    assert {one.text for one in answers} == {answers[0].text}
    assert len((await case.read()).json()["messages"]) == 1


async def test_the_database_holds_no_word_and_what_is_changed_or_moved_is_not_shown(case: Case, desk: Desk) -> None:
    await case.tell(WORDS)
    await case.ask()
    referrals = desk.service.database["referrals"]
    stored = await referrals.find_one({"_id": case.id})
    assert stored is not None
    assert b"MARKER" not in b"".join(one["sealed"] for one in stored["messages"])
    first, second = stored["messages"]
    flipped = first["sealed"][:-1] + bytes([first["sealed"][-1] ^ 1])
    for wrong in (
        [first | {"sealed": second["sealed"]}, second],
        [first | {"sealed": flipped}, second],
        [second, first],
        [first],
        [second],
    ):
        await referrals.update_one({"_id": case.id}, {"$set": {"messages": wrong}})
        answer = await case.read()
        assert answer.status_code == 500
        assert "MARKER" not in answer.text
        page = await case.back()
        assert "MARKER" not in page
        assert heading(page) == "We have what you told us"


async def test_messages_are_destroyed_with_the_details_and_none_can_be_added_after(case: Case, desk: Desk) -> None:
    await case.tell(WORDS)
    form = await case.begin()
    retention = RetentionStore(desk.service.database)
    fields = await retention.told(case.id)
    await vault_of(desk.service).destroy(case.id)
    gone = await case.send(form, WORDS)
    assert gone.status_code == 409
    await retention.erase(case.id, now())
    assert (fields > 1, await retention.told(case.id)) == (True, 0)
    stored = await desk.service.database["referrals"].find_one({"_id": case.id})
    assert stored is not None
    assert not {"messages", "waiting"} & stored.keys()
    assert (await case.read()).status_code == (await case.ask()).status_code == 410
    late = await case.send(form, WORDS)
    assert late.status_code == 409
    assert WORDS in late.text, "what was typed is still there"


MAY = {
    (Role.coordinator, None): {"waiting": 200, "read": 200, "ask": 201},
    (Role.supervisor, "cca"): {"waiting": 403, "read": 200, "ask": 201},
    (Role.supervisor, "dcf"): {"waiting": 403, "read": 404, "ask": 404},
    (Role.staff, "cca"): {"waiting": 403, "read": 403, "ask": 403},
    (Role.analyst, None): {"waiting": 403, "read": 403, "ask": 403},
}
"""cca has it now, dcf had it: it declined."""


async def test_every_role_may_do_what_the_table_says_and_no_more(case: Case, desk: Desk) -> None:
    life = Life(UUID(case.id))
    await desk.follow([life.routed(), life.offered("cca"), life.offered("dcf"), life.declined("dcf")])
    for (role, agency), may in MAY.items():
        for what, status in may.items():
            answer = await getattr(case, what)(role, agency)
            assert answer.status_code == status, (role, agency, what, answer.text)
    kinds = [entry.deed.kind for entry in await desk.entries(referral=case.id)]
    assert [kinds.count(kind) for kind in (Kind.messages_read, Kind.question_asked, Kind.reading_refused)] == [2, 2, 2]
    for request in (desk.client.get("/api/v1/messages"), desk.client.get(f"{PATH}/{case.id}/messages?purpose=contact")):
        assert (await request).status_code == 401


async def test_without_the_clients_release_the_coordinator_may_still_write_to_the_provider(desk: Desk) -> None:
    facts = REFERRAL["facts"] | {"reporter": "service_provider", "release": "not_given"}
    case = Case(desk, (await desk.client.post(PATH, json={"facts": facts, "details": REFERRAL["details"]})).json())
    await desk.follow([(life := Life(UUID(case.id))).routed(), life.offered("cca")])
    assert (await case.ask()).status_code == 201
    assert (await case.read(Role.supervisor, "cca")).status_code == 404


async def test_after_it_was_taken_back_nothing_is_asked_and_contact_can_still_be_called_unsafe(case: Case, desk: Desk) -> None:
    note = hidden(await case.back(), "note")
    await desk.client.post("/en/back/change", data={"note": note, "do": "withdraw"})
    assert (await case.ask()).status_code == 409
    page = await desk.client.post("/en/back/change", data={"note": note, "do": "unsafe"})
    assert "No one will try to reach you." in page.text
    assert (await case.read()).json()["contact_unsafe"] is True
    assert [getattr(one.data, "added", None) for one in await case.events()] == [None, None, ("contact_unsafe",)]


async def test_what_is_too_long_or_empty_is_refused_and_stays_on_the_page(case: Case) -> None:
    form = await case.begin()
    for words in ("x" * (LONGEST + 1), "  \r\n "):
        answer = await case.send(form, words)
        assert answer.status_code == 422
        assert words.strip() in answer.text
    other = await case.send(form, WORDS, do="again", language="en")
    assert WORDS in other.text
    assert (await case.ask(text="x" * (LONGEST + 1))).status_code == (await case.ask(text=" ")).status_code == 422
    assert (await case.read()).json()["messages"] == []


async def choose(case: Case, content: bytes, name: str = "MARKER list.txt") -> httpx.Response:
    """Sends a file from the page for it."""
    note = hidden(await case.back(), "note")
    page = (await case.desk.client.post("/en/back/file", data={"note": note, "do": "file"})).text
    fields = {"note": hidden(page, "note"), "letter": hidden(page, "letter")}
    return await case.desk.client.post("/en/back/file/send", data=fields, files={"file": (name, content)})


async def test_a_file_is_added_and_the_codes_say_so(case: Case, desk: Desk) -> None:
    added = await choose(case, b"the plates of the van")
    assert heading(added.text) == THANKS
    assert await case.is_waiting()
    assert [getattr(one.data, "added", None) for one in await case.events()] == [None, ("file",)]
    assert await AttachmentStore(desk.service.database).count(case.id) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file."),
        (b"MZ\x90\x00 a program", "We cannot take this kind of file."),
        (b"x" * (11 * 1024 * 1024), "The file is too large."),
    ],
    ids=["empty", "kind", "large"],
)
async def test_a_file_that_is_not_taken_is_refused_in_plain_words(case: Case, content: bytes, sentence: str) -> None:
    refused = await choose(case, content)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert "MARKER" not in refused.text
    assert len(await case.events()) == 1
