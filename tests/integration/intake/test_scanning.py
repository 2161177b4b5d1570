"""With a virus scanner nothing is given out that it has not seen: while it is away files wait. Telling is made good too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from deploy.embedded.ports import HOST, free_port
from deploy.embedded.service import ensure_keyring
from services.intake.access.grants import Purpose
from services.intake.access.store import Standings
from services.intake.access.usecases import FollowAssignments
from services.intake.app import build_app
from services.intake.attachments.reading import NotLetThrough, ReadAttachments
from services.intake.attachments.refusal import Refused, Why
from services.intake.attachments.scanner import Scanner, ScannerAway, Verdict
from services.intake.attachments.store import AttachmentStore, State
from services.intake.attachments.tending import UNTOLD
from services.intake.settings import IntakeSettings
from shared.clock import now
from shared.delivery.errors import Unavailable
from shared.mongo import Database
from shared.service import Service
from shared.settings import ServiceSettings
from tests.activity import FACTS, Life
from tests.files import noise
from tests.integration.intake.clamd import EICAR, clamd
from tests.integration.intake.clinic import READER, rooms, tending
from tests.integration.intake.door import vault_of, write_secret


async def content(told: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(told), 100_000):
        yield told[at : at + 100_000]


@pytest.fixture(scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with clamd(tmp_path_factory.mktemp("clamd")) as address:
        yield address


@pytest.fixture
async def service(settings: ServiceSettings, database: Database, tmp_path: Path) -> Service:
    """Intake, wired and not started: files need no more of it than its database."""
    own = {"receipt_secret_file": write_secret(tmp_path), "vault_keyring_file": ensure_keyring(tmp_path / "keyring")}
    service = build_app(IntakeSettings(**dict(settings) | own))
    await AttachmentStore(database).prepare()
    await vault_of(service).prepare()
    return service


async def told(service: Service) -> UUID:
    """A referral that DCF is asked to act on."""
    life = Life()
    new = {"_id": str(life.referral), "facts": FACTS.model_dump(mode="json")}
    await service.database["referrals"].insert_one(new)
    await FollowAssignments(Standings(service.database))([life.offered("dcf")])
    return life.referral


async def read(reading: ReadAttachments, referral: UUID, attachment: UUID) -> bytes:
    opened = await reading.open(READER, referral, attachment, Purpose.contact)
    return b"".join([piece async for piece in opened.content])


async def test_the_scanner_finds_what_it_has_to_find_and_lets_the_rest_through(address: str) -> None:
    scanner = Scanner(address)
    assert await scanner.scan(content(EICAR)) is Verdict.harmful
    assert await scanner.scan(content(noise(1_000_000))) is Verdict.clean
    with pytest.raises(ScannerAway):
        await Scanner(f"{HOST}:{free_port()}").scan(content(b"made up"))


async def test_a_harmful_file_is_refused_with_what_to_do_and_a_clean_one_is_read(service: Service, address: str) -> None:
    files, reading = rooms(service, address)
    referral = await told(service)
    with pytest.raises(Refused) as refused:
        await files.add(referral, "photo.jpg", content(EICAR))
    assert refused.value.why is Why.harmful
    assert await files.store.count(str(referral)) == 0
    taken = await files.add(referral, "told.txt", content(b"made up"))
    assert taken.state is State.clean
    assert await read(reading, referral, taken.attachment.id) == b"made up"


async def test_while_the_scanner_is_away_files_are_taken_and_wait_and_are_scanned_when_it_is_back(
    service: Service, address: str
) -> None:
    away, reading = rooms(service, f"{HOST}:{free_port()}")
    referral = await told(service)
    good = await away.add(referral, "told.txt", content(b"made up"))
    bad = await away.add(referral, "bad.txt", content(EICAR))
    assert (good.state, bad.state) == (State.waiting, State.waiting)
    with pytest.raises(NotLetThrough):
        await read(reading, referral, good.attachment.id)
    await tending(away).round()
    assert (REGISTRY.get_sample_value("intake_attachments_unscanned_age_seconds") or 0) > 0
    back, reading = rooms(service, address)
    await tending(back).round()
    assert REGISTRY.get_sample_value("intake_attachments_unscanned_age_seconds") == 0
    assert await read(reading, referral, good.attachment.id) == b"made up"
    with pytest.raises(NotLetThrough) as kept_back:
        await read(reading, referral, bad.attachment.id)
    assert kept_back.value.state is State.harmful
    states = {listed.attachment.name: listed.stored.state for listed in await reading.list(READER, referral, Purpose.contact)}
    assert states == {"told.txt": State.clean, "bad.txt": State.harmful}


async def test_whoever_has_to_know_of_a_file_is_told_also_where_that_failed_when_it_came(service: Service) -> None:
    referral, who = await told(service), list[UUID]()

    async def announce(id_: UUID) -> None:
        who.append(id_)
        if len(who) == 1:
            raise Unavailable("made up")

    files, _ = rooms(service, announce=announce)
    await files.add(referral, "a.txt", content(b"made up"))
    await service.database["attachments"].update_many({}, {"$set": {"at": now() - 2 * UNTOLD}})
    for _ in range(2):
        await tending(files).round()
    assert who == [referral, referral], "told by the loop, once"
