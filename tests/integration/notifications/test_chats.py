"""Chat rooms, on a server that plays each of the services: told by Apprise, tried again, and never led elsewhere.

ntfy, Mattermost, Rocket.Chat and Teams can be anybody's server, so that their addresses name ours. The others are only ever
at their makers': for these names, as for Teams', resolver and port lead to our server, whose certificate has them.
"""

import json
import socket
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from urllib3.util import connection

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
    "east-hartford-pd": "rockets://WebhookId/WebhookToken@127.0.0.1:{port}/night-desk",
}
AT_THEIR_MAKERS = {
    "dcf": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "cca": "https://chat.googleapis.com/v1/spaces/room/messages?key=one&token=two",
    "hartford-pd": "zulip://bot@organisation/a6k4m8f9d0c1b2e3a6k4m8f9d0c1b2e3/stream",
    "east-hartford-pd": "pover://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "west-hartford-pd": "https://prod-1.westus.logic.azure.com:443/workflows/3a6/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=sIgNaTuRe",
}
PATHS = {
    "hooks.slack.com": "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "chat.googleapis.com": "/v1/spaces/room/messages",
    "organisation.zulipchat.com": "/api/v1/messages",
    "api.pushover.net": "/1/messages.json",
    "prod-1.westus.logic.azure.com": "/workflows/3a6/triggers/manual/paths/invoke",
}
"""Whom each of them is to be asked for, and for what."""


@pytest.fixture
async def rooms(tmp_path: Path) -> AsyncIterator[Provider]:
    """A chat service."""
    async with provider(tmp_path, yes="200 OK") as server:
        yield server


def telling(
    bus: Bus, mail: MailServer, rooms: Provider, folder: Path, addresses_of: Mapping[str, str] = ADDRESSES
) -> NotificationsSettings:
    """The duty desks of some agencies are told in their rooms first, then by mail."""
    configured, addresses = config(folder), folder / "addresses"
    addresses.mkdir()
    contacts = yaml.safe_load((configured / "contacts.yaml").read_text())
    for agency, address in addresses_of.items():
        (addresses / f"{agency}-room").write_text(address.format(port=rooms.port))
        contacts["contacts"][agency][0].update(chat=f"{agency}-room", prefers=["chat"])
    (configured / "contacts.yaml").write_text(yaml.safe_dump(contacts))
    named = [{"id": f"{agency}-room", "agency": agency} for agency in addresses_of]
    (configured / "chats.yaml").write_text(yaml.safe_dump({"rooms": named}))
    chat = ChatSettings(
        addresses_dir=addresses, ca_file=folder / "ca.pem", allow_networks="127.0.0.0/8", send_seconds=0.9, per_second=100
    )
    return bus.settings(mail, chat=chat, config_dir=configured)


async def offered(bus: Bus, agency: str = "dcf") -> Life:
    life = Life()
    await bus.publish(life.routed(), life.offered(agency))
    return life


async def test_rooms_of_services_that_one_can_run_are_told_what_a_mail_would_say(
    bus: Bus, mail: MailServer, rooms: Provider, tmp_path: Path
) -> None:
    rooms.dawdling = 0
    async with running(telling(bus, mail, rooms, tmp_path)):
        lives = {agency: await offered(bus, agency) for agency in ADDRESSES}
        events = await bus.delivered(len(ADDRESSES))
    assert {event.data.channel for event in events} == {"chat"}
    assert mail.mails == []
    for agency, life in lives.items():
        [said] = [request.body.decode() for request in rooms.requests if life.reference in request.body.decode()]
        assert "A referral waits for your answer" in said, agency
    [to_ntfy] = [json.loads(request.body) for request in rooms.requests if b"night-desk" in request.body]
    assert to_ntfy["topic"] == "night-desk"
    assert to_ntfy["title"].endswith(f"({lives['dcf'].reference})")


def led_to(server: Provider, names: Collection[str], patch: pytest.MonkeyPatch) -> None:
    """As if these names were the server's, on the port that everybody expects."""
    resolve, connect = socket.getaddrinfo, connection.create_connection

    def resolved(host: Any, *more: Any, **named: Any) -> Any:
        return resolve("127.0.0.1" if host in names else host, *more, **named)

    def connected(address: tuple[str, int], *more: Any, **named: Any) -> Any:
        return connect((address[0], server.port if address[1] == 443 else address[1]), *more, **named)

    patch.setattr(socket, "getaddrinfo", resolved)
    patch.setattr(connection, "create_connection", connected)


async def test_rooms_at_their_makers_are_told_over_tls_that_is_theirs(
    bus: Bus, mail: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with provider(tmp_path, *PATHS, yes="200 OK", body=b"ok") as server:
        led_to(server, [*PATHS, "prod-2.westus.logic.azure.com"], monkeypatch)
        nobodys = AT_THEIR_MAKERS["west-hartford-pd"].replace("prod-1", "prod-2")
        addresses = AT_THEIR_MAKERS | {"windsor-pd": nobodys}
        async with running(telling(bus, mail, server, tmp_path, addresses)):
            lives = {agency: await offered(bus, agency) for agency in addresses}
            events = await bus.delivered(len(AT_THEIR_MAKERS))

            async def tried() -> bool:
                return bool(await bus.notices(agency="windsor-pd", trouble="not_admitted"))

            await eventually(tried)
    assert {event.data.agency for event in events} == AT_THEIR_MAKERS.keys()
    assert {event.data.channel for event in events} == {"chat"}
    asked = {one.headers["host"].removesuffix(":443"): one.path.partition("?")[0] for one in server.requests}
    assert asked == PATHS
    said = {life.reference: [one for one in server.requests if life.reference in one.body.decode()] for life in lives.values()}
    assert [len(said[lives[agency].reference]) for agency in addresses] == [1] * len(AT_THEIR_MAKERS) + [0]
    assert mail.mails == []


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
