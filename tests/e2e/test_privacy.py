"""The privacy canary: a marker in every field that could identify a person is found nowhere, database files included."""

from __future__ import annotations

import itertools
import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer
from pymongo import MongoClient

from shared.broker import connection
from shared.principal import Role, Scope
from shared.topics import inbox, outbox
from tests.chaos.observation import every_record
from tests.files import pdf, picture
from tests.system import System
from tests.unit.intake.pages.walk import heading, hidden, to_the_end
from tests.waiting import eventually

MARK = f"canary{secrets.token_hex(6)}"
THANKS = "We have it. Thank you."
CONTROL = f"control{secrets.token_hex(6)}"


def marked() -> dict[str, Any]:
    """Details with the marker in every text there is."""
    return {
        "narrative": f"narrative {MARK}",
        "place": MARK,
        "victim": {"names": [MARK], "address": MARK, "phone": MARK, "email": f"{MARK}@example.org", "other": MARK},
        "reporter": {"name": MARK, "phone": MARK, "email": MARK, "relation": MARK},
        "safe_contact": MARK,
        "suspect": {"names": [MARK], "description": MARK, "whereabouts": MARK},
    }


FACTS = {"reporter": "family", "minor": "no", "town_of_exploitation": "hartford", "trafficking_type": "labor"}
BAD_BODIES: tuple[Any, ...] = (
    {"facts": FACTS | {"gender": MARK}},
    {"facts": FACTS | {MARK: "x"}},
    {"facts": FACTS | {"excluded_agencies": [MARK]}},
    {"facts": FACTS, "details": {"victim": {"birth_date": MARK}}},
    {"facts": FACTS, "details": {"victim": {"names": MARK}}},
    {"facts": FACTS, "details": {"narrative": MARK * 5000}},
    {"facts": {}, "details": marked()},
    [MARK],
    f'{{"facts": "{MARK}',
)


async def test_a_persons_details_can_be_read_nowhere(system: System) -> None:
    answers = await _tell(system)
    await _tell_by_form(system)
    await _add_files(system)
    await _poison(system)
    assert any(answer.status_code == httpx.codes.ACCEPTED for answer in answers)
    assert await _read_by_who_is_assigned(system, answers[0].json()["referral_id"]) == marked()
    assert dict(_in_databases(system)) == {}
    assert _in_database_files(system, MARK) == []
    assert _in_database_files(system, CONTROL) != [], "what is stored in the clear is found"
    records = await every_record(system.broker.access)
    assert records
    assert [r.topic for r in records if _in_record(r) and r.topic != outbox("dcf")] == []
    assert [str(path) for path in _files(system) if MARK.encode() in path.read_bytes()] == []
    assert [a.status_code for a in answers if MARK in a.text or MARK in str(a.headers)] == []
    assert [url for url, text in await _pages(system) if MARK in text] == []


async def _tell(system: System) -> list[httpx.Response]:
    """A good referral, every bad body, and markers in places where no person's detail belongs."""
    url = "/api/v1/referrals"
    async with httpx.AsyncClient(base_url=system.addresses["intake"], timeout=10) as client:
        good = await client.post(url, json={"facts": FACTS, "details": marked()})
        answers = [good]
        for body in BAD_BODIES:
            content = body if isinstance(body, str) else json.dumps(body)
            answers.append(await client.post(url, content=content, headers={"content-type": "application/json"}))
        answers.append(await client.post(url, content=MARK, headers={"content-type": MARK}))
        answers.append(
            await client.post(url, json={"facts": FACTS}, headers={"idempotency-key": f"{MARK} {MARK} {MARK} {MARK} {MARK}"})
        )
        answers.append(await client.get(f"/{MARK}?name={MARK}"))
    await _until_offered(system, good.json()["referral_id"])
    return answers


async def _tell_by_form(system: System) -> None:
    """The form with the marker in every field, sent; and as a code, a state and a note that are none of ours."""
    typed = ("happening", "place", *(f"person_{what}" for what in ("name", "phone", "address", "other")))
    typed += (
        *(f"suspect_{what}" for what in ("name", "look", "where")),
        *(f"my_{what}" for what in ("name", "phone", "email", "times")),
    )
    async with httpx.AsyncClient(base_url=system.addresses["intake"], timeout=10) as client:
        page = await to_the_end(client, "full", contact="phone", **dict.fromkeys(typed, MARK))
        assert page.count(MARK) == len(typed)
        sent = await client.post("/en/send", data={"state": hidden(page, "state")})
        assert heading(sent.text) == THANKS
        told_nothing = [
            sent,
            *await _come_back(client, sent.text),
            await client.post("/en/back", data={"code": MARK}),
            await client.post("/en/tell", data={"state": MARK, "page": MARK, "do": MARK}),
            await client.post("/en/send", data={"state": hidden(page, "state")[:-9] + MARK}),
            await client.post("/en/back/change", data={"note": MARK, "do": MARK}),
            await client.get(f"/en/{MARK}", headers={"user-agent": MARK, "referer": MARK, "x-forwarded-for": MARK}),
        ]
    assert [answer.url for answer in told_nothing if MARK in answer.text or MARK in str(answer.headers)] == []


async def _come_back(client: httpx.AsyncClient, sent: str) -> list[httpx.Response]:
    """With the code: the marker as more words, and as a file's name and content."""
    code = re.search(r"[0-9]{4}(-[0-9]{4}){3}", sent)
    assert code
    note = hidden((await client.post("/en/back", data={"code": code[0]})).text, "note")
    begun = [(await client.post(f"/en/back/{what}", data={"note": note, "do": "tell"})).text for what in ("words", "file")]
    words, file = ({"note": note, "letter": hidden(page, "letter")} for page in begun)
    answers = [
        await client.post("/en/back/words/send", data=words | {"words": MARK}),
        await client.post("/en/back/file/send", data=file, files={"file": (f"{MARK}.txt", MARK.encode())}),
    ]
    assert [heading(answer.text) for answer in answers] == [THANKS, THANKS]
    return answers


async def _read_by_who_is_assigned(system: System, referral: str) -> Any:
    """What the offer's `dataref` gives to staff of the agency that got the offer."""
    offers = [json.loads(r.value) for r in await every_record(system.broker.access) if r.topic == inbox("hartford-pd")]
    [dataref] = {offer["dataref"] for offer in offers if offer["subject"] == referral and "offered" in offer["type"]}
    headers = {"authorization": f"Bearer {system.issuer.token(Role.staff, 'hartford-pd')}"}
    async with httpx.AsyncClient(base_url=system.addresses["intake"], timeout=10, headers=headers) as client:

        async def read() -> httpx.Response | None:
            answer = await client.get(dataref, params={"purpose": "investigation"})
            return answer if answer.is_success else None

        return (await eventually(read)).json()["details"]


async def _until_offered(system: System, referral: str) -> None:
    async def mailed() -> bool:
        records = await every_record(system.broker.access)
        return any(r.topic == inbox("hartford-pd") and (r.key or b"").decode() == referral for r in records)

    await eventually(mailed, every=0.5)


async def _add_files(system: System) -> None:
    """Files with the marker in their names, in them, and in what a camera writes; and refused ones."""
    sender = {"authorization": f"Bearer {system.issuer.system_token('clinic-1', *Scope)}"}
    reader = {"authorization": f"Bearer {system.issuer.token(Role.staff, 'dcf')}"}
    sent = picture(camera=MARK)
    assert MARK.encode() in sent
    async with httpx.AsyncClient(base_url=system.addresses["intake"], timeout=60) as client:
        told = await client.post("/api/v1/referrals", json={"facts": FACTS | {"minor": "yes"}}, headers=sender)
        path = f"/api/v1/referrals/{told.json()['referral_id']}/attachments"
        named = {"jpg": sent, "txt": MARK.encode(), "pdf": pdf(MARK), "gif": f"GIF89a\0{MARK}".encode()}
        forms = [{"file": (f"{MARK}.{ending}", content)} for ending, content in named.items()]
        answers = [await client.post(path, files=form, headers=sender) for form in [*forms, {"file": (f"../{MARK}", b"x")}]]
        assert [answer.status_code for answer in answers] == [201, 201, 201, 422, 422]
        assert [answer.text for answer in answers if MARK in answer.text or MARK in str(answer.headers)] == []
        photo = f"{path}/{answers[0].json()['attachment_id']}"

        async def read() -> httpx.Response | None:
            answer = await client.get(photo, params={"purpose": "contact"}, headers=reader)
            return answer if answer.is_success else None

        assert MARK.encode() not in (await eventually(read, within=60)).content
        original = await client.get(f"{photo}/original", params={"purpose": "evidence"}, headers=reader)
    assert original.content == sent


async def _poison(system: System) -> None:
    """An agency writes a person's name where it does not belong: its own topic holds it, nothing of ours repeats it."""
    producer = AIOKafkaProducer(**connection(system.broker.access.outside_settings("dcf")))
    await producer.start()
    before = await _rejected(system)
    event = {"specversion": "1.0", "id": MARK, "source": "/agencies/dcf", "subject": MARK, "data": {"reason": MARK}}
    for value in (MARK.encode(), json.dumps(event).encode(), json.dumps(event | {"type": MARK}).encode()):
        await producer.send_and_wait(outbox("dcf"), value, key=MARK.encode())
    await producer.stop()

    async def answered() -> bool:
        return await _rejected(system) >= before + 3

    await eventually(answered, every=0.5)


async def _rejected(system: System) -> int:
    records = await every_record(system.broker.access)
    return sum(r.topic == inbox("dcf") and b"agency_event.rejected" in r.value for r in records)


async def _pages(system: System) -> list[tuple[str, str]]:
    pages = ("/metrics", "/health/ready", "/openapi.json", "/asyncapi.json")
    urls = [service.url + page for service in system.services.values() for page in pages]
    async with httpx.AsyncClient(timeout=10) as client:
        return [(url, (await client.get(url)).text) for url in urls]


def _in_record(record: Any) -> bool:
    headers = itertools.chain.from_iterable((name.encode(), value) for name, value in record.headers)
    return any(MARK.encode() in part for part in (record.key or b"", record.value or b"", *headers))


def _in_databases(system: System) -> Iterator[tuple[tuple[str, str], int]]:
    client: MongoClient[dict[str, Any]] = MongoClient(system.database.url)
    with client:
        for name in set(client.list_database_names()) - {"admin", "local", "config"}:
            for collection in client[name].list_collection_names():
                hits = sum(MARK in str(document) for document in client[name][collection].find())
                if hits:
                    yield (name, collection), hits


def _in_database_files(system: System, text: str) -> list[str]:
    """Data, journal and log of mongod: those files in which the text stands as it is."""
    client: MongoClient[dict[str, Any]] = MongoClient(system.database.url)
    with client:
        client["canary"]["control"].insert_one({"text": CONTROL})
        client.admin.command("fsync")
    files = [path for path in (system.folder / "mongod").rglob("*") if path.is_file()]
    return [path.name for path in files if text.encode() in path.read_bytes()]


def _files(system: System) -> list[Path]:
    """Logs and mails; the journals of Kafka and MongoDB themselves are looked at through their clients."""
    return [p for part in ("logs", "mail") for p in (system.folder / part).rglob("*") if p.is_file()]
