"""Webhooks: signed, repeated with the same id, left alone once gone, and never into our own network."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from services.notifications.channels.settings import WebhookSettings
from services.notifications.settings import NotificationsSettings
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, Commands, running
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Fault, Provider, provider
from tests.integration.notifications.test_channels import config
from tests.waiting import eventually

DUTY = "duty@dcf.example"
SECRET = "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXc="


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[Provider]:
    """An agency's own system."""
    async with provider(tmp_path) as server:
        yield server


def telling(bus: Bus, mail: MailServer, system: Provider, folder: Path, allow: str = "127.0.0.0/8") -> NotificationsSettings:
    """DCF's desk is told by webhook first, then by mail."""
    (folder / "secrets").mkdir()
    (folder / "secrets" / "dcf-records").write_text(SECRET)
    configured = config(folder, webhook="dcf-records", prefers=["webhook"])
    url = f"https://127.0.0.1:{system.port}/referrals"
    (configured / "webhooks.yaml").write_text(f"endpoints: [{{id: dcf-records, agency: dcf, url: '{url}'}}]")
    webhook = WebhookSettings(secrets_dir=folder / "secrets", ca_file=folder / "ca.pem", allow_networks=allow, send_seconds=0.8)
    return bus.settings(mail, webhook=webhook, config_dir=configured)


async def offered(bus: Bus) -> Life:
    life = Life()
    await bus.publish(life.routed(), life.offered("dcf"))
    return life


async def test_an_agencys_system_is_told_in_a_message_that_it_can_check(
    bus: Bus, mail: MailServer, system: Provider, tmp_path: Path
) -> None:
    async with running(telling(bus, mail, system, tmp_path)):
        life = await offered(bus)
        [event] = await bus.delivered(1)
    [request] = system.requests
    said = Webhook(SECRET).verify(request.body, request.headers)
    assert (request.path, said["data"]["referral"]) == ("/referrals", str(life.referral))
    assert (event.data.channel, str(event.data.notice)) == ("webhook", request.headers["webhook-id"])
    assert mail.mails == []


@pytest.mark.parametrize("fault", [Fault.busy, Fault.refused, Fault.cut, Fault.dawdle])
async def test_a_system_that_does_not_say_yes_is_told_again_with_the_same_id(
    bus: Bus, mail: MailServer, system: Provider, tmp_path: Path, fault: Fault
) -> None:
    system.faults.append(fault)
    async with running(telling(bus, mail, system, tmp_path)):
        await offered(bus)
        [event] = await bus.delivered(1)
    assert event.data.channel == "webhook"
    assert event.data.attempts >= 2
    assert {request.headers["webhook-id"] for request in system.requests} == {str(event.data.notice)}


async def test_a_system_that_is_gone_is_left_alone_and_the_next_channel_is_used(
    bus: Bus, mail: MailServer, system: Provider, tmp_path: Path
) -> None:
    system.faults.append(Fault.gone)
    async with running(telling(bus, mail, system, tmp_path)):
        for _ in range(2):
            life = await offered(bus)
            mail.expect(life.reference, DUTY)
            await eventually(mail.all_there)
    assert system.requests == []
    assert await bus.database["endpoints"].count_documents({"_id": "dcf-records"}) == 1


async def test_an_address_that_was_switched_off_is_switched_on_by_answering_a_validation(
    bus: Bus, mail: MailServer, system: Provider, tmp_path: Path, commands: Commands
) -> None:
    settings = telling(bus, mail, system, tmp_path)
    await bus.database["endpoints"].insert_one({"_id": "dcf-records"})
    status, said = await commands(
        *("webhook", "check", "dcf-records"),
        CONFIG_DIR=str(settings.config_dir),
        WEBHOOK_SECRETS_DIR=str(settings.webhook.secrets_dir),
        WEBHOOK_CA_FILE=str(settings.webhook.ca_file),
        WEBHOOK_ALLOW_NETWORKS="127.0.0.0/8",
    )
    assert (status, said) == (0, "dcf-records: fine, and switched on\n")
    assert await bus.database["endpoints"].count_documents({}) == 0
    [request] = system.requests
    assert Webhook(SECRET).verify(request.body, request.headers)["type"] == "endpoint.validated"


async def test_an_address_in_our_own_network_is_never_called(
    bus: Bus, mail: MailServer, system: Provider, tmp_path: Path
) -> None:
    async with running(telling(bus, mail, system, tmp_path, allow="")):
        life = await offered(bus)
        mail.expect(life.reference, DUTY)
        await eventually(mail.all_there)
    assert system.requests == []
    assert system.connections == 0
