"""Reading details: only those who are assigned now, only what they may have, and never without a trace."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake.access.consents import Consent, consents
from services.intake.access.grants import load_grants
from services.intake.access.matrix import CONSENTS
from services.intake.audit.deed import Kind
from services.intake.example import REFERRAL
from services.intake.vault.leaves import FIELDS, grown, leaves
from shared.agencies import load_agencies
from shared.broker import Message, Publisher
from shared.chain import faults
from shared.events.codec import encode
from shared.events.facts import Facts
from shared.principal import Role
from shared.topics import ACTIVITY
from shared.vocabulary import Channel
from tests.activity import Life
from tests.integration.intake.door import PATH
from tests.integration.intake.reading import Desk, doomed
from tests.waiting import eventually

CONFIG = Path("config")
KINDS = {"dcf": "child_protection", "cca": "advocates", "hartford-pd": "police", "coordinator": "coordinator"}
TOLD: dict[str, Any] = {name: "2012-02-29" if name == "victim.birth_date" else f"MARKER {name}" for name in FIELDS}
TOLD |= {name: [TOLD[name]] for name in ("victim.names", "suspect.names")}
"""Every field there is."""
CONSENTING: dict[Consent, tuple[dict[str, Any], dict[str, Any]]] = {
    Consent.released: ({"release": "given"}, {"release": "not_given"}),
    Consent.police: ({"police_consent": "yes"}, {"police_consent": "no"}),
    Consent.named: ({"anonymous": False}, {"anonymous": True}),
}
"""Facts with which a consent holds, and with which it does not."""


def told_with(held: frozenset[Consent]) -> dict[str, Any]:
    facts: dict[str, Any] = {"reporter": "service_provider", "minor": "no", "immediate_danger": False}
    for consent, (yes, no) in CONSENTING.items():
        facts |= yes if consent in held else no
    assert consents(Facts.model_validate({**facts, "channel": Channel.api})) == held
    return {"facts": facts, "details": grown(TOLD)}


async def offered(desk: Desk, referral: str, *agencies: str) -> Life:
    life = Life(UUID(referral))
    await desk.follow([life.routed(), *[life.offered(agency) for agency in agencies]])
    return life


async def test_every_role_at_every_kind_of_agency_gets_what_the_table_gives_with_every_consent(desk: Desk) -> None:
    grants = load_grants(CONFIG)
    people = [(role, agency) for role in (Role.staff, Role.supervisor, Role.analyst) for agency in KINDS]
    tried = 0
    for held in CONSENTS:
        referral = await desk.tell(told_with(held))
        await offered(desk, referral, *KINDS)
        for role, agency in [*people, (Role.coordinator, "coordinator")]:
            answer = await desk.read(referral, role, agency)
            if role is Role.analyst:
                assert answer.status_code == 403
                continue
            may = grants.fields(role, KINDS[agency], held)  # type: ignore[arg-type]  # a StrEnum's value
            assert answer.status_code == 200
            assert leaves(answer.json()["details"]) == {name: told for name, told in TOLD.items() if name in may}
            assert answer.json()["withheld"] is not may.issuperset(FIELDS)
            tried += 1
    assert tried == 8 * 9


async def test_500_readings_of_others_referrals_give_nothing_away_and_are_all_written_down(desk: Desk) -> None:
    agencies = load_agencies(CONFIG).ids
    referrals = [await desk.tell({**REFERRAL, "details": grown(TOLD)}) for _ in range(len(agencies))]
    for referral, agency in zip(referrals, agencies, strict=True):
        await offered(desk, referral, agency)
    unknown, before = str(uuid4()), await desk.entries(kind=Kind.reading_refused)
    asked = [(r, a) for r, owner in zip(referrals, agencies, strict=True) for a in agencies if a != owner]
    asked = (asked * 5)[:500]
    answers = await asyncio.gather(*[desk.read(referral, Role.supervisor, agency) for referral, agency in asked])
    assert {answer.status_code for answer in answers} == {404}
    nowhere = await desk.read(unknown, Role.supervisor, "dcf")
    assert {answer.text for answer in answers} == {nowhere.text}, "nobody learns whether it exists"
    assert not any("MARKER" in answer.text for answer in answers)
    assert len(await desk.entries(kind=Kind.reading_refused)) == len(before) + 500
    assert faults(await desk.entries(), desk.audit.digest) == []


async def test_a_reading_is_written_down_with_who_what_and_why(desk: Desk) -> None:
    referral = await desk.tell()
    await offered(desk, referral, "dcf")
    answer = await desk.read(referral, Role.staff, "dcf", purpose="safety_planning", subject="person-7")
    [entry] = await desk.entries(referral=referral)
    deed = entry.deed
    assert (deed.kind, deed.referral, deed.subject, deed.role, deed.agency, deed.purpose) == (
        "details_read", referral, "person-7", "staff", "dcf", "safety_planning",
    )  # fmt: skip
    assert set(deed.fields) == set(leaves(answer.json()["details"]))
    assert answer.headers["cache-control"] == "no-store"
    for wanted, found in (
        ({"subject": "person-7"}, 1), ({"subject": "person-8"}, 0), ({"referral": "x"}, 0), ({"kind": Kind.details_read}, 1),
        ({"kind": Kind.destroyed}, 0), ({"since": deed.at}, 1), ({"until": deed.at}, 0),
    ):  # fmt: skip
        assert len(await desk.entries(**({"referral": referral} | wanted))) == found


async def test_without_a_token_a_purpose_or_a_role_nothing_is_read(desk: Desk) -> None:
    referral = await desk.tell()
    await offered(desk, referral, "dcf")
    assert (await desk.client.get(f"{PATH}/{referral}/details", params={"purpose": "contact"})).status_code == 401
    assert (await desk.read(referral, Role.staff, "dcf", purpose="curiosity")).status_code == 422
    assert (await desk.read(referral, Role.analyst)).status_code == 403
    assert (await desk.read(referral, Role.staff, "sandbox")).status_code == 403
    assert await desk.entries(referral=referral) == []


async def test_access_follows_the_topic_and_ends_with_the_next_request(desk: Desk) -> None:
    publisher = Publisher(desk.access.settings())
    topic = desk.service.settings.topic(ACTIVITY)
    ends = ("declined", "expired", "revoked", "rerouted", "excluded")
    referrals = {end: await desk.tell() for end in ends}
    lives = {end: Life(UUID(referral)) for end, referral in referrals.items()}

    async def publish(*events: Any) -> None:
        await publisher.send([Message(topic, str(event.subject).encode(), encode(event)) for event in events])

    async def answered(end: str, status: int) -> bool:
        return (await desk.read(referrals[end], Role.staff, "dcf")).status_code == status

    await publish(*[event for life in lives.values() for event in (life.routed(), life.offered("dcf"), life.offered("cca"))])
    for end in ends:
        await eventually(lambda end=end: answered(end, 200))  # type: ignore[misc]
    await publish(*[getattr(life, end)("dcf") for end, life in lives.items()])
    for end in ends:
        await eventually(lambda end=end: answered(end, 404))  # type: ignore[misc]
        assert (await desk.read(referrals[end], Role.staff, "cca")).status_code == 200, "the other agency keeps it"
    await publisher.stop()


async def test_where_it_is_not_certain_who_is_assigned_nobody_reads(desk: Desk) -> None:
    publisher = Publisher(desk.access.settings())
    referral = await desk.tell()
    life = await offered(desk, referral, "dcf")
    life.accepted("dcf")  # is lost on the way
    revoked = life.revoked("dcf")
    await publisher.send([Message(desk.service.settings.topic(ACTIVITY), referral.encode(), encode(revoked))])

    async def refused() -> bool:
        return (await desk.read(referral, Role.staff, "dcf")).status_code == 503

    await eventually(refused)
    await publisher.stop()


async def test_an_agency_that_is_left_out_reads_nothing_even_if_it_is_assigned_by_mistake(desk: Desk) -> None:
    referral = await desk.tell({"facts": REFERRAL["facts"] | {"excluded_agencies": ["dcf"]}, "details": REFERRAL["details"]})
    await offered(desk, referral, "dcf", "cca")
    assert (await desk.read(referral, Role.staff, "dcf")).status_code == 404
    assert (await desk.read(referral, Role.staff, "cca")).status_code == 200


async def test_a_ciphertext_that_was_put_elsewhere_is_refused_whole(desk: Desk) -> None:
    mine, other = await desk.tell(), await desk.tell()
    await offered(desk, mine, "dcf")
    details = desk.service.database["details"]
    strange = await details.find_one({"_id": other})
    assert strange is not None
    await details.update_one({"_id": mine}, {"$set": {"narrative": strange["narrative"]}})
    answer = await desk.read(mine, Role.staff, "dcf")
    assert answer.status_code == 500
    assert "cleans rooms" not in answer.text


async def test_killed_between_the_audit_and_the_answer_the_reading_is_written_down(desk: Desk, tmp_path: Path) -> None:
    referral = await desk.tell()
    await offered(desk, referral, "dcf")
    async with doomed(desk, tmp_path, "intake_after_audit") as killed:
        with pytest.raises(httpx.TransportError):
            await killed.read(referral, Role.staff, "dcf")
    [entry] = await desk.entries(referral=referral)
    assert entry.deed.kind == Kind.details_read
