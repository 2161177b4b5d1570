"""A referral that is accepted: where it goes, and where its details do not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import structlog
from prometheus_client import REGISTRY, generate_latest

from services.intake.receipts.code import finding
from services.intake.seal import read_seal
from services.intake.vault.leaves import grown, leaves
from shared.events.codec import encode
from shared.events.envelope import event_id
from shared.vocabulary import AgeBand, Channel, Minor, Reporter, Town
from tests.integration.intake.door import CODEC, Door, referral, vault_of
from tests.waiting import eventually

MARK = "Zanzibar-Quux"


async def test_an_accepted_referral_is_on_the_topic_under_its_own_key(door: Door) -> None:
    answer = await door.post(referral(birth_year=2015))
    assert answer.status_code == 202
    identity = UUID(answer.json()["referral_id"])
    await door.events_of(answer)
    [record] = await door.records()
    event = CODEC.decode(record.value)
    assert record.key == str(identity).encode()
    assert dict(record.headers) == {"content-type": b"application/cloudevents+json"}
    assert record.value == encode(event)
    assert (event.id, event.subject, event.sequence) == (event_id("/intake", str(identity), 1), identity, 1)
    facts = event.data.facts
    assert (facts.reporter, facts.channel, facts.town_of_exploitation) == (
        Reporter.community_member,
        Channel.api,
        Town.manchester,
    )
    assert facts.minor is Minor.yes
    assert facts.age_band in (AgeBand.under_12, AgeBand.unknown)


async def test_what_was_published_is_cleared_from_the_referral(door: Door) -> None:
    answer = await door.post()
    await door.events_of(answer)

    async def cleared() -> dict[str, Any] | None:
        return await door.service.database["referrals"].find_one({"_id": answer.json()["referral_id"], "outbox": []})

    stored = await eventually(cleared)
    assert stored.keys() == {"_id", "version", "sequence", "correlation_id", "facts", "received_at", "receipt", "outbox"}
    assert "birth_year" not in stored["facts"]


async def test_the_answer_says_what_to_do_and_gives_a_code_that_is_stored_nowhere(door: Door) -> None:
    told = (await door.post(referral(immediate_danger=True))).json()
    assert told["next"][0].startswith("You told us of immediate danger: call 911 now")
    assert "860-566-3190 ext. 3128" in " ".join(told["next"])
    seal = read_seal(door.service.settings.receipt_secret_file)  # type: ignore[attr-defined]
    found = await door.service.database["referrals"].find_one({"receipt.find": finding(seal, told["receipt_code"])})
    assert found is not None
    assert found["_id"] == told["referral_id"]
    digits = told["receipt_code"].replace("-", "")
    kept = repr(found)
    assert not any(part in kept for part in (digits, told["receipt_code"], digits[:8], digits[8:]))


async def test_a_code_is_soon_kept_behind_argon2id_alone_and_a_repeat_still_gives_it(door: Door) -> None:
    first = await door.post(key="a-key-of-this-test")
    referrals = door.service.database["referrals"]

    async def hashed() -> dict[str, Any] | None:
        return await referrals.find_one({"_id": first.json()["referral_id"], "receipt.proof": {"$exists": True}})

    receipt = (await eventually(hashed, within=60))["receipt"]
    assert receipt.keys() == {"find", "proof"}
    assert receipt["proof"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await door.post(key="a-key-of-this-test")).json() == first.json()
    back = await door.client.post("/en/back", data={"code": first.json()["receipt_code"]})
    assert back.status_code == 200


async def test_where_the_half_that_finds_is_taken_another_code_is_drawn(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter(["1111-1111-2222-2222", "1111-1111-3333-3333", "4444-4444-5555-5555"])
    monkeypatch.setattr("services.intake.usecases.draw", lambda: next(draws))
    codes = [(await door.post()).json()["receipt_code"] for _ in range(2)]
    assert codes == ["1111-1111-2222-2222", "4444-4444-5555-5555"]


def marked(value: Any) -> Any:
    """The same shape with the mark in every text."""
    if isinstance(value, dict):
        return {key: marked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner) for inner in value]
    return f"{MARK} {value}"


async def test_details_can_be_decrypted_and_are_readable_nowhere(door: Door) -> None:
    body = referral()
    birth_date = body["details"]["victim"].pop("birth_date")
    body["details"] = marked(body["details"])
    body["details"]["victim"]["birth_date"] = birth_date
    with structlog.testing.capture_logs() as logs:
        answer = await door.post(body, key=f"{MARK}-{'k' * 20}")
        await door.events_of(answer)
    stored = await door.service.database["details"].find_one({})
    assert stored is not None
    referral_id = stored.pop("_id")
    assert referral_id == answer.json()["referral_id"]
    assert all(isinstance(value, bytes) for value in leaves(stored).values())
    assert grown(await vault_of(door.service).decrypt(referral_id, leaves(stored))) == body["details"]
    elsewhere = [answer.text, repr(answer.headers), repr(logs), generate_latest().decode()]
    elsewhere += [repr((record.key, record.value, record.headers)) for record in await door.records()]
    for name in await door.service.database.list_collection_names():
        elsewhere += [repr(document) async for document in door.service.database[name].find({})]
    assert len(elsewhere) >= 7
    for text in elsewhere:
        assert MARK not in text
        assert birth_date not in text


async def test_a_referral_without_details_is_as_good_as_any(door: Door) -> None:
    answer = await door.post({"facts": {"reporter": "self", "anonymous": True}})
    assert answer.status_code == 202
    [event] = await door.events_of(answer)
    assert event.dataref is None
    assert await door.count("details") == 0


async def test_an_accepted_referral_is_counted_by_reporter_and_channel(door: Door) -> None:
    def received() -> float:
        labels = {"reporter": "school", "channel": "phone"}
        return REGISTRY.get_sample_value("intake_referrals_received_total", labels) or 0.0

    before = received()
    await door.post(referral(reporter="school", channel="phone"))
    assert received() == before + 1
