"""Details whose time is over are gone: live, and in every backup. What is held stays, and the facts do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.embedded import Access
from services.intake.access.store import Standings
from services.intake.attachments.store import AttachmentStore
from services.intake.audit.deed import Kind
from services.intake.retention.schedule import load_schedule
from services.intake.retention.store import Certificate, RetentionStore
from services.intake.retention.usecases import Due, HoldReason, Retention
from services.intake.retention.watch import OverdueWatch
from services.intake.settings import IntakeSettings
from services.intake.vault.keyring import read_keyring
from services.intake.vault.vault import KEYS_SUFFIX, SPARE, Vault
from shared.chain import faults
from shared.clock import now
from shared.principal import Role
from tests.activity import Life
from tests.files import pdf, picture
from tests.integration.intake.clinic import Clinic, get
from tests.integration.intake.program import program, surround
from tests.integration.intake.reading import Desk, open_desk


@pytest.fixture
async def desk(intake_settings: IntakeSettings, access: Access, tmp_path: Path) -> AsyncIterator[Desk]:
    """One of each test's own: they restore and destroy."""
    async with open_desk(intake_settings, tmp_path, access) as desk:
        yield desk


def retention(desk: Desk, *, years: int = 0) -> Retention:
    """As a command has it, some years from now; its vault remembers no key."""
    service, settings = desk.service, desk.service.settings
    assert isinstance(settings, IntakeSettings)

    def then() -> datetime:
        return now() + timedelta(days=366 * years)

    vault = Vault(service.client, service.database, read_keyring(settings.vault_keyring_file))
    store, files = RetentionStore(service.database), AttachmentStore(service.database)
    return Retention(Standings(service.database), load_schedule(Path("config")), store, vault, files, desk.audit, then)


async def ended(desk: Desk) -> tuple[str, Life]:
    """A referral that an agency completed, so that it is closed: the agency may still read it."""
    referral = await desk.tell()
    life = Life(UUID(referral))
    await desk.follow([life.offered("dcf"), life.completed("dcf"), life.closed()])
    assert (await read(desk, referral)).status_code == 200
    return referral, life


async def read(desk: Desk, referral: str) -> Any:
    return await desk.read(referral, Role.staff, "dcf", purpose="records")


async def due(work: Retention) -> list[Due]:
    return [one async for one in work.due()]


async def dump(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """A backup of intake's database."""
    names = await desk.service.database.list_collection_names()
    return {name: [document async for document in desk.service.database[name].find({})] for name in names}


async def test_what_is_due_is_destroyed_live_and_in_a_restored_backup_and_the_facts_stay(desk: Desk) -> None:
    referral, _ = await ended(desk)
    stays = await desk.tell()
    backup = await dump(desk)
    assert await due(retention(desk)) == []
    work = retention(desk, years=6)
    [one] = await due(work)
    assert one.referral == referral
    certificate = await work.destroy(one)
    assert certificate is not None
    assert (await read(desk, referral)).status_code == 410
    assert await due(work) == []
    database = desk.service.database
    kept = await database["referrals"].find_one({"_id": referral})
    assert kept is not None
    assert kept["facts"]["trafficking_type"] == "labor"
    assert await database["details"].distinct("_id") == [stays]
    entries = await desk.entries(referral=referral, kind=Kind.destroyed)
    assert (certificate.entry, certificate.digest) == (entries[0].number, entries[0].digest.hex())
    assert faults(await desk.entries(), desk.audit.digest) == []
    for name in ("details", "referrals"):
        await database[name].delete_many({})
        await database[name].insert_many(backup[name])
    assert (await read(desk, referral)).status_code == 410, "the backup has the ciphertext, and nobody has its key"
    keys = desk.service.client[database.name + KEYS_SUFFIX]["keys"]
    assert [key["keyAltNames"] async for key in keys.find({"keyAltNames": {"$not": {"$regex": f"^{SPARE}"}}})] == [[stays]]


async def test_files_are_destroyed_with_the_details_and_counted_and_no_backup_gives_one_back(desk: Desk) -> None:
    clinic = Clinic(desk)
    files = [await clinic.tell() for _ in range(3)]
    gone, held, stays = files
    attachment = await clinic.added(gone, picture())
    for referral in (gone, gone, held, stays):
        await clinic.added(referral, pdf())
    for referral in (gone, held):
        life = Life(UUID(referral))
        await desk.follow([life.offered("dcf"), life.completed("dcf"), life.closed()])
    assert (await get(desk, gone, attachment)).status_code == 200
    backup, database = await dump(desk), desk.service.database
    work = retention(desk, years=6)
    await work.hold(held, HoldReason.litigation)
    [certificate] = [await work.destroy(one) for one in await due(work) if one.held is None]
    assert certificate is not None
    assert (certificate.referral, certificate.files) == (gone, 3)
    assert sorted(await database["attachments"].distinct("referral")) == sorted((held, stays))
    kept = await database["attachments"].distinct("_id")
    assert {name.partition(".")[0] for name in await database["attachment_chunks"].distinct("_id")} == set(kept)
    assert (await clinic.add(gone, b"more")).status_code == 409
    for name in ("attachments", "attachment_chunks", "details", "referrals"):
        await database[name].delete_many({})
        await database[name].insert_many(backup[name])
    for rest in ((), (attachment,)):
        assert (await get(desk, gone, *rest)).status_code == 410, "the backup has the ciphertext, and nobody has its key"
    assert (await get(desk, held)).status_code == 200


async def test_a_hold_keeps_details_until_it_is_lifted_and_leaves_its_trace(desk: Desk) -> None:
    referral, _ = await ended(desk)
    work = retention(desk, years=6)
    [before] = await due(work)
    assert await work.hold(referral, HoldReason.litigation)
    assert not await work.hold(referral, HoldReason.audit), "it is held already"
    assert [one.held for one in await due(work)] == ["litigation"]
    assert await work.destroy(before) is None, "a hold counts, also where the plan was made before it"
    assert await work.lift(referral)
    assert not await work.lift(referral)
    assert await work.destroy(before) is not None
    kinds = [entry.deed.kind for entry in await desk.entries(referral=referral)]
    assert kinds == ["details_read", "hold_set", "hold_lifted", "destroyed"]


async def test_details_that_are_overdue_are_counted_from_the_time_they_were_due_unless_they_are_held(desk: Desk) -> None:
    assert await OverdueWatch(retention(desk)).overdue() == 0
    referral, _ = await ended(desk)
    late = retention(desk, years=6)
    [one] = [found for found in await due(late) if found.referral == referral]
    assert await OverdueWatch(late).overdue() >= (late.clock() - one.at).total_seconds() - 60
    await late.hold(referral, HoldReason.litigation)
    left = [found for found in await due(late) if found.held is None]
    assert (await OverdueWatch(late).overdue() == 0) is (not left)
    await late.lift(referral)
    await late.destroy(one)


async def test_what_goes_on_again_is_not_destroyed(desk: Desk) -> None:
    _, life = await ended(desk)
    work = retention(desk, years=6)
    [before] = await due(work)
    await desk.follow([life.reopened()])
    assert await due(work) == []
    assert await work.destroy(before) is None


async def test_what_an_interruption_left_half_done_is_done_by_the_next_run(desk: Desk) -> None:
    referral, _ = await ended(desk)
    work = retention(desk, years=6)
    await work.vault.destroy(referral)
    [left] = await due(work)
    certificate = await work.destroy(left)
    assert certificate is not None
    assert [one async for one in work.store.certificates(referral)] == [certificate]
    assert await desk.service.database["details"].count_documents({}) == 0


async def test_what_was_certified_and_not_yet_erased_is_erased_by_the_next_run_under_the_first_certificate(desk: Desk) -> None:
    referral, _ = await ended(desk)
    work = retention(desk, years=6)
    [left] = await due(work)
    await work.vault.destroy(referral)
    first = await work.store.certify(Certificate(referral, "closed", left.ended.at, left.at, left.at, left.fields, 1, "00"))
    [again] = await due(work)
    assert await work.destroy(again) == first
    assert [one async for one in work.store.certificates(referral)] == [first]
    assert await due(work) == []
    assert await desk.service.database["details"].count_documents({"_id": referral}) == 0


async def test_the_program_shows_what_is_due_destroys_it_and_prints_a_certificate(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    referral, _ = await ended(desk)
    settings, database = desk.service.settings, desk.service.database
    assert isinstance(settings, IntakeSettings)
    await database["standings"].update_one({"_id": referral}, {"$set": {"ended.at": now() - timedelta(days=4000)}})
    surround(monkeypatch, settings)

    async def said(*words: str) -> list[str]:
        capsys.readouterr()
        assert await program("retention", *words) == 0
        return capsys.readouterr().out.splitlines()

    assert await said("hold", referral, "--reason", "litigation") == [f"{referral} is held"]
    assert (await said("plan"))[-1] == "0 to be destroyed, 1 held"
    assert await said("destroy") == []
    assert await said("lift", referral) == [f"{referral} is no longer held"]
    assert (await said("plan"))[-1] == "1 to be destroyed, 0 held"
    [certificate] = await said("destroy")
    assert json.loads(certificate)["referral"] == referral
    assert await said("certificates", referral) == [certificate]
    assert (await read(desk, referral)).status_code == 410
