"""Chat rooms, on a server that plays ntfy, Mattermost and Teams: told by Apprise, tried again, and never led elsewhere."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from services.notifications.channels.settings import ChatSettings
from services.notifications.settings import NotificationsSettings
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Fault, Provider, provider
from tests.integration.notifications.test_channels import config
from tests.waiting import eventually

DUTY = "duty@dcf.example"
ADDRESSES = {
    "dcf": "ntfys://127.0.0.1:{port}/night-desk",
    "cca": "mmosts://127.0.0.1:{port}/3ccdd113474722377935511fc85d3dd4",
    "hartford-pd": "workflows://127.0.0.1:{port}/WorkflowId/Signature/",
}


@pytest.fixture
async def rooms(tmp_path: Path) -> AsyncIterator[Provider]:
    """A chat service."""
    async with provider(tmp_path, yes="200 OK") as server:
        yield server


def telling(bus: Bus, mail: MailServer, rooms: Provider, folder: Path, allow: str = "127.0.0.0/8") -> NotificationsSettings:
    """The duty desks of three agencies are told in their rooms first, then by mail."""
    configured, addresses = config(folder), folder / "addresses"
    addresses.mkdir()
    contacts = yaml.safe_load((configured / "contacts.yaml").read_text())
    for agency, address in ADDRESSES.items():
        (addresses / f"{agency}-room").write_text(address.format(port=rooms.port))
        contacts["contacts"][agency][0].update(chat=f"{agency}-room", prefers=["chat"])
    (configured / "contacts.yaml").write_text(yaml.safe_dump(contacts))
    named = [{"id": f"{agency}-room", "agency": agency} for agency in ADDRESSES]
    (configured / "chats.yaml").write_text(yaml.safe_dump({"rooms": named}))
    chat = ChatSettings(
        addresses_dir=addresses, ca_file=folder / "ca.pem", allow_networks=allow, send_seconds=0.9, per_second=100
    )
    return bus.settings(mail, chat=chat, config_dir=configured)


async def offered(bus: Bus, agency: str = "dcf") -> Life:
    life = Life()
    await bus.publish(life.routed(), life.offered(agency))
    return life


async def test_rooms_of_three_services_are_told_what_a_mail_would_say(
    bus: Bus, mail: MailServer, rooms: Provider, tmp_path: Path
) -> None:
    rooms.dawdling = 0
    async with running(telling(bus, mail, rooms, tmp_path)):
        lives = {agency: await offered(bus, agency) for agency in ADDRESSES}
        events = await bus.delivered(3)
    assert {event.data.channel for event in events} == {"chat"}
    assert mail.mails == []
    for agency, life in lives.items():
        [said] = [request.body.decode() for request in rooms.requests if life.reference in request.body.decode()]
        assert "A referral waits for your answer" in said, agency
    [to_ntfy] = [json.loads(request.body) for request in rooms.requests if b"night-desk" in request.body]
    assert to_ntfy["topic"] == "night-desk"
    assert to_ntfy["title"].endswith(f"({lives['dcf'].reference})")


async def test_a_room_that_may_be_told_later_is_told_again_and_no_redirect_is_followed(
    bus: Bus, mail: MailServer, rooms: Provider, tmp_path: Path
) -> None:
    faults = (Fault.busy, Fault.too_many, Fault.cut, Fault.dawdle, Fault.elsewhere)
    async with running(telling(bus, mail, rooms, tmp_path)):
        for place, fault in enumerate(faults, 1):
            rooms.faults.append(fault)
            life = await offered(bus)
            await bus.delivered(place)
            [notice] = await bus.notices(referral=life.referral)
            assert (notice["status"], notice["channel"], notice["attempts"] >= 2) == ("sent", "chat", True), fault
            assert notice["unsure"] is (fault in (Fault.cut, Fault.dawdle)), fault
    assert {request.path for request in rooms.requests} == {"/"}
    assert mail.mails == []


async def test_a_room_that_is_gone_is_told_by_mail_at_once_and_one_in_our_own_network_is_never_called(
    bus: Bus, mail: MailServer, rooms: Provider, tmp_path: Path
) -> None:
    rooms.faults.append(Fault.gone)
    settings = telling(bus, mail, rooms, tmp_path)
    async with running(settings):
        mail.expect((await offered(bus)).reference, DUTY)
        await eventually(mail.all_there)
    assert (rooms.requests, rooms.connections) == ([], 1)
    closed = settings.model_copy(update={"chat": settings.chat.model_copy(update={"allow_networks": ""})})
    async with running(closed):
        mail.expect((await offered(bus)).reference, DUTY)
        await eventually(mail.all_there)
    assert (rooms.requests, rooms.connections) == ([], 1)
    assert "night-desk" not in str(await bus.notices())


async def test_an_address_that_cannot_be_used_stops_the_start_and_is_not_repeated(
    bus: Bus, mail: MailServer, rooms: Provider, tmp_path: Path
) -> None:
    settings = telling(bus, mail, rooms, tmp_path)
    (settings.chat.folder / "dcf-room").write_text("json://secret.example/")
    with pytest.raises(ValueError, match="dcf-room: this is no address of a chat service") as error:
        async with running(settings):
            pass
    assert "secret" not in str(error.value)
