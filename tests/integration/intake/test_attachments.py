"""Files of a referral: who sends them and who reads them, over HTTP, on a real database."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from services.intake.access.consents import consents
from services.intake.access.grants import ATTACHMENTS, ORIGINALS, Purpose, load_grants
from services.intake.attachments.chunks import CHUNK, Part, Place
from services.intake.attachments.refusal import Why
from services.intake.attachments.store import AttachmentStore
from services.intake.attachments.tending import LEFT_BEHIND
from services.intake.vault.vault import Unreadable
from shared.clock import now
from shared.events.facts import Facts
from shared.principal import Role, Scope
from tests.files import CANARY, archive, noise, pdf, picture
from tests.integration.intake.clinic import READER, Clinic, get, offered, rooms, tending
from tests.integration.intake.reading import Desk, doomed
from tests.integration.intake.test_details import CONFIG, KINDS

MOST = 10 * 1024 * 1024
PAGE = b"<html><script>alert(1)</script>"


@pytest.fixture(scope="module")
def clinic(desk: Desk) -> Clinic:
    return Clinic(desk)


async def kept(desk: Desk, id_: str) -> tuple[int, int]:
    """How many files of a referral the database has, and how many pieces there are without a file."""
    database = desk.service.database
    files = [one["_id"] async for one in database["attachments"].find({})]
    pieces = {one["_id"].partition(".")[0] async for one in database["attachment_chunks"].find({}, {"_id": 1})}
    return await AttachmentStore(database).count(id_), len(pieces - set(files))


async def test_a_picture_is_read_without_what_its_camera_wrote_and_the_original_by_a_step_of_its_own(
    desk: Desk, clinic: Clinic
) -> None:
    sent = picture(size=(4500, 300))
    id_ = await clinic.tell()
    taken = await clinic.add(id_, sent, "Ana at work.jpg")
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
    file = f"attachments.{listed['attachment_id']}"
    deeds = [(entry.deed.kind, entry.deed.purpose, entry.deed.fields) for entry in await desk.entries(referral=id_)]
    assert deeds == [
        ("attachments_listed", "contact", (file,)),
        ("attachment_read", "contact", (file,)),
        ("original_read", "evidence", (file,)),
    ]


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [(pdf() + noise(2 * CHUNK) + b"%%EOF", "application/pdf", "pdf"), (noise(CHUNK), "text/plain; charset=utf-8", "txt")],
)
async def test_any_other_file_comes_as_it_was_sent_and_no_browser_runs_it(
    desk: Desk, clinic: Clinic, content: bytes, media_type: str, ending: str
) -> None:
    id_ = await clinic.tell()
    file = await clinic.added(id_, content, "told.exe")
    await offered(desk, id_, "dcf")
    answer = await get(desk, id_, file)
    assert answer.content == content
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["content-disposition"] == f'attachment; filename="{file}.{ending}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("facts", [{"release": "given", "police_consent": "yes"}, {"release": "not_given", "anonymous": True}])
async def test_every_role_at_every_kind_of_agency_gets_the_files_that_the_table_gives(
    desk: Desk, clinic: Clinic, facts: dict[str, object]
) -> None:
    told = {"reporter": "service_provider"} | facts
    id_ = await clinic.tell(birth_year=1980, **told)
    file = await clinic.added(id_, b"made up")
    await offered(desk, id_, *KINDS)
    grants, held = load_grants(CONFIG), consents(Facts.model_validate({**told, "channel": "api", "minor": "no"}))
    people = [(role, agency) for role in (Role.staff, Role.supervisor) for agency in KINDS]
    for role, agency in [*people, (Role.coordinator, "coordinator")]:
        may = grants.fields(role, KINDS[agency], held)  # type: ignore[arg-type]  # a StrEnum's value
        listed = (await get(desk, id_, role=role, agency=agency)).json()["attachments"]
        assert [one["attachment_id"] for one in listed] == [file] * (ATTACHMENTS in may)
        read = await get(desk, id_, file, role=role, agency=agency)
        assert read.status_code == (200 if ATTACHMENTS in may else 404)
        original = await get(desk, id_, file, "original", role=role, agency=agency, purpose="evidence")
        assert original.status_code == (200 if ORIGINALS in may else 404)
    assert (await get(desk, id_, role=Role.analyst)).status_code == 403


async def test_reading_ends_with_the_assignment_and_what_is_refused_is_written_down(desk: Desk, clinic: Clinic) -> None:
    id_, other = await clinic.tell(), await clinic.tell()
    file = await clinic.added(id_, b"made up")
    life = await offered(desk, id_, "dcf", "cca")
    await offered(desk, other, "hartford-pd")
    assert (await get(desk, id_, file)).status_code == 200
    await desk.follow([life.declined("dcf")])
    answers = [
        await get(desk, id_),
        await get(desk, id_, file),
        await get(desk, id_, file, "original", purpose="evidence"),
        await get(desk, id_, file, agency="hartford-pd"),
        await get(desk, other, file, agency="hartford-pd"),
        await get(desk, str(uuid4()), file),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert (await get(desk, id_, file, agency="cca")).status_code == 200
    refused = [entry for entry in await desk.entries(referral=id_) if entry.deed.kind == "reading_refused"]
    assert len(refused) == 4


async def test_the_original_is_not_given_without_a_purpose_of_its_own(desk: Desk, clinic: Clinic) -> None:
    id_ = await clinic.tell()
    file = await clinic.added(id_, b"made up")
    await offered(desk, id_, "dcf")
    assert (await get(desk, id_, file, "original", purpose="contact")).status_code == 422
    assert (await get(desk, id_, file, purpose="evidence")).status_code == 422
    assert await desk.entries(referral=id_) == []


async def test_only_the_system_that_sent_a_referral_adds_files_to_it(desk: Desk, clinic: Clinic) -> None:
    mine, anonymous = await clinic.tell(), await desk.tell()
    school = Clinic(desk, "school-2")
    answers = [await school.add(mine, b"x"), await clinic.add(anonymous, b"x"), await clinic.add(str(uuid4()), b"x")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert (await Clinic(desk, "clinic-1", Scope.status).add(mine, b"x")).status_code == 403
    assert await kept(desk, mine) == (0, 0)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "empty.txt", Why.empty),
        (b"GIF89a" + bytes(2000), "photo.jpg", Why.unknown_kind),
        (archive(), "photo.jpg", Why.unknown_kind),
        (noise(CHUNK) + b"\xff", "told.txt", Why.unknown_kind),
        (picture()[:5000], "photo.jpg", Why.damaged),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\xff\xff\xff" * 2 + bytes(100), "photo.png", Why.damaged),
        (picture() + archive(), "photo.jpg", Why.two_kinds),
        (picture() + PAGE, "photo.jpg", Why.active),
        (PAGE, "photo.jpg", Why.active),
        (pdf()[:-8], "told.pdf", Why.cut_off),
        (b"made up", "../../etc/cron.d/x", Why.bad_name),
        (b"made up", "photo\u202egpj.exe", Why.bad_name),
        (b"made up", "x" * 3000, Why.bad_name),
    ],
    ids=lambda value: value.name if isinstance(value, Why) else "",
)
async def test_what_may_do_harm_is_refused_with_what_to_do_and_leaves_nothing(
    desk: Desk, clinic: Clinic, content: bytes, name: str, why: Why
) -> None:
    id_ = await clinic.tell()
    answer = await clinic.add(id_, content, name)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == [{"field": "file.name" if why is Why.bad_name else "file", "fix": why.value}]
    assert await kept(desk, id_) == (0, 0)


async def test_a_file_that_is_too_large_is_refused_before_it_is_read_whole(desk: Desk, clinic: Clinic) -> None:
    id_, read = await clinic.tell(), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        while read < 10 * MOST:
            read += CHUNK
            yield b"a" * CHUNK

    form = {"Content-Type": "multipart/form-data; boundary=b"}
    answers = [
        await clinic.add(id_, b"a" * (MOST + 1)),
        await clinic.post(id_, content=b"", headers=form | {"Content-Length": str(2 * MOST)}),
        await clinic.post(id_, content=endless(), headers=form),
    ]
    assert [answer.status_code for answer in answers] == [413] * 3
    assert read <= MOST + 2 * CHUNK
    assert await kept(desk, id_) == (0, 0)


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"--b--\r\n", 415),
        ("multipart/form-data; boundary=b", b"--b--\r\n", 422),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n', 422),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx', 422),
        ("multipart/form-data; boundary=b", b"\xff" * 2000, 422),
    ],
)
async def test_a_body_that_is_no_whole_form_with_a_file_is_refused(
    desk: Desk, clinic: Clinic, media_type: str, body: bytes, status: int
) -> None:
    id_ = await clinic.tell()
    answer = await clinic.post(id_, content=body, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert await kept(desk, id_) == (0, 0)


async def test_a_referral_has_so_many_files_and_no_more_however_many_come_at_once(desk: Desk, clinic: Clinic) -> None:
    id_ = await clinic.tell()
    answers = await asyncio.gather(*[clinic.add(id_, b"made up") for _ in range(14)])
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 4
    assert await kept(desk, id_) == (10, 0)


async def test_the_same_key_and_file_make_one_and_another_file_is_refused(desk: Desk, clinic: Clinic) -> None:
    id_, key = await clinic.tell(), "case-42-photo-00001"
    first, again, other = [await clinic.add(id_, content, key=key) for content in (b"made up", b"made up", b"other")]
    assert first.status_code == 201
    assert again.json() == first.json()
    assert (other.status_code, other.json()["type"]) == (422, "urn:rhtrt:problem:key-reused")
    at_once = await asyncio.gather(*[clinic.add(id_, b"at once", key="case-42-photo-00002") for _ in range(4)])
    assert {answer.status_code for answer in at_once} <= {201, 503}
    assert len({answer.json()["attachment_id"] for answer in at_once if answer.status_code == 201}) == 1
    assert await kept(desk, id_) == (2, 0)


async def test_what_a_broken_connection_or_a_killed_process_left_is_never_seen_and_cleared_away(
    desk: Desk, clinic: Clinic
) -> None:
    id_ = await clinic.tell()

    async def breaks() -> AsyncIterator[bytes]:
        yield noise(3 * CHUNK)
        raise ConnectionError

    files, _ = rooms(desk.service)
    with pytest.raises(ConnectionError):
        await files.add(UUID(id_), "a.txt", breaks())
    assert await kept(desk, id_) == (0, 0)
    killed = Place(UUID(id_), uuid4(), Part.original)
    await files.store.begin(killed.referral, killed.attachment, now() - LEFT_BEHIND - timedelta(minutes=1), 10)
    await files.cabinet.write(killed, _pieces(noise(2 * CHUNK)))
    await offered(desk, id_, "dcf")
    assert (await get(desk, id_)).json()["attachments"] == []
    assert (await get(desk, id_, str(killed.attachment))).status_code == 404
    await tending(files).round()
    assert await kept(desk, id_) == (0, 0)


async def test_killed_while_a_file_comes_in_nothing_of_it_is_there_and_sent_again_it_is_there_once(
    desk: Desk, clinic: Clinic, tmp_path: Path
) -> None:
    id_, key, content = await clinic.tell(), str(uuid4()), noise(4 * CHUNK)
    await offered(desk, id_, "dcf")
    async with doomed(desk, tmp_path, "attachment_half_way:2") as killed:
        with pytest.raises(httpx.TransportError):
            await Clinic(killed).add(id_, content, "notes.txt", key)
    assert (await get(desk, id_)).json()["attachments"] == []
    assert (await clinic.add(id_, content, "notes.txt", key)).is_success
    [listed] = (await get(desk, id_)).json()["attachments"]
    assert (await get(desk, id_, listed["attachment_id"])).content == content
    files, _ = rooms(desk.service)
    later = replace(tending(files), clock=lambda: now() + LEFT_BEHIND + timedelta(minutes=1))
    await later.round()
    assert await kept(desk, id_) == (1, 0)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_a_file_that_was_changed_moved_or_cut_off_in_the_database_is_not_read(desk: Desk, clinic: Clinic) -> None:
    id_ = await clinic.tell()
    mine, other = [await clinic.added(id_, noise(3 * CHUNK, seed=seed)) for seed in (1, 2)]
    await offered(desk, id_, "dcf")
    files, chunks = (desk.service.database[name] for name in ("attachments", "attachment_chunks"))
    names = [f"{mine}.original.{number:06}" for number in range(3)]
    good = [await chunks.find_one({"_id": name}) for name in names]
    strange = await chunks.find_one({"_id": names[0].replace(mine, other)})
    sealed = await files.find_one({"_id": other})
    assert strange is not None
    assert sealed is not None
    assert all(good)

    async def answer() -> httpx.Response:
        return await get(desk, id_, mine)

    await chunks.update_one({"_id": names[0]}, {"$set": {"data": strange["data"]}})
    assert (await answer()).status_code == 500, "of another file"
    await chunks.update_one({"_id": names[0]}, {"$set": {"data": good[0]["data"]}})  # type: ignore[index]
    await chunks.delete_one({"_id": names[2]})
    opened = await rooms(desk.service)[1].open(READER, UUID(id_), UUID(mine), Purpose.contact)
    with pytest.raises(Unreadable):  # so that a connection breaks before the length that was promised
        [piece async for piece in opened.content]
    await chunks.insert_one(good[2])  # type: ignore[arg-type]
    assert (await answer()).status_code == 200
    await files.update_one({"_id": mine}, {"$set": {"sealed": sealed["sealed"]}})
    assert (await answer()).status_code == 500, "what is known of it is of another file"
