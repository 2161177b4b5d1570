"""More than one way to tell somebody: each tried in turn, none waiting for another, and the coordinator where all fail."""

import shutil
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from services.notifications.settings import NotificationsSettings, SmsSettings
from shared.events.notification import NotificationDelivered
from shared.vocabulary import Urgency
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import Fault as MailFault
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Fault, Provider
from tests.waiting import eventually

DUTY, COORDINATOR, PHONE = "duty@dcf.example", "coordinator@taskforce.example", "+18605550100"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
async def provider(authority: trustme.CA) -> AsyncIterator[Provider]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    server = Provider(tls, password="token")
    await server.start()
    yield server
    await server.stop()


def config(folder: Path, **desk: Any) -> Path:
    """The configuration that ships, with DCF's duty desk reached as said."""
    shutil.copytree("config", folder / "config")
    path = folder / "config" / "contacts.yaml"
    document = yaml.safe_load(path.read_text())
    document["contacts"]["dcf"][0].update(desk)
    path.write_text(yaml.safe_dump(document))
    return folder / "config"


@pytest.fixture
def settings(bus: Bus, mail: MailServer, provider: Provider, authority: trustme.CA, tmp_path: Path) -> NotificationsSettings:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / "token").write_text("token\n")
    sms = SmsSettings(
        url=f"https://127.0.0.1:{provider.port}",
        account="AC1",
        token_file=tmp_path / "token",
        sender="+18605550199",
        ca_file=tmp_path / "ca.pem",
        per_second=100,
        send_seconds=0.8,
    )
    return bus.settings(mail, sms=sms, config_dir=config(tmp_path, phone=PHONE, prefers=["sms"]), clock_scale=0.01)


async def offered(bus: Bus, mail: MailServer, urgency: Urgency = Urgency.high) -> Life:
    life = Life(urgency=urgency)
    mail.expect(life.reference, DUTY)
    await bus.publish(life.routed(), life.offered("dcf"))
    return life


async def test_a_desk_that_prefers_text_messages_gets_one_and_no_mail(
    bus: Bus, mail: MailServer, provider: Provider, settings: NotificationsSettings
) -> None:
    async with running(settings):
        life = await offered(bus, mail)
        [event] = await bus.delivered(1)
    [request] = provider.requests
    assert request.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request.signed_in == "AC1:token"
    assert (request.form["To"], request.form["From"]) == (PHONE, "+18605550199")
    assert request.form["Body"].startswith(f"[High] A referral waits for your answer ({life.reference}).")
    assert (event.data.channel, event.data.attempts) == ("sms", 1)
    assert mail.mails == []


@pytest.mark.parametrize("fault", [Fault.busy, Fault.too_many, Fault.cut, Fault.dawdle])
async def test_a_text_message_that_may_pass_later_is_tried_again(
    bus: Bus, mail: MailServer, provider: Provider, settings: NotificationsSettings, fault: Fault
) -> None:
    provider.faults.append(fault)
    patient = settings.model_copy(update={"clock_scale": 10.0})
    async with running(patient):
        await offered(bus, mail)
        [event] = await bus.delivered(1)
    assert (event.data.channel, event.data.attempts) == ("sms", 2)
    [notice] = await bus.notices()
    assert notice["unsure"] is (fault in (Fault.cut, Fault.dawdle))
    assert len(provider.requests) == (2 if notice["unsure"] else 1)


async def test_a_number_that_is_refused_is_told_by_mail_at_once(
    bus: Bus, mail: MailServer, provider: Provider, settings: NotificationsSettings
) -> None:
    provider.faults.append(Fault.refused)
    async with running(settings):
        await offered(bus, mail)
        await eventually(mail.all_there)
        [event] = await bus.delivered(1)
    assert isinstance(event, NotificationDelivered)
    assert (event.data.channel, event.data.attempts) == ("email", 2)
    [notice] = await bus.notices()
    assert [(one["channel"], one["trouble"]) for one in notice["tried"]] == [("sms", "refused")]


async def test_while_the_provider_is_away_what_can_go_by_mail_goes_by_mail_and_does_not_wait_its_turn(
    bus: Bus, mail: MailServer, provider: Provider, settings: NotificationsSettings
) -> None:
    await provider.stop()
    async with running(settings):
        for _ in range(30):
            await offered(bus, mail)
        await eventually(mail.all_there)
        events = await bus.delivered(30)
    assert {event.data.channel for event in events} == {"email"}
    assert len(mail.mails) == 30


async def test_a_provider_that_is_away_holds_up_no_mail_of_others(
    bus: Bus, mail: MailServer, provider: Provider, settings: NotificationsSettings
) -> None:
    await provider.stop()
    async with running(settings.model_copy(update={"clock_scale": 10.0})):
        await bus.publish((waits := Life()).routed(), waits.offered("dcf"))
        other = Life()
        mail.expect(other.reference, "duty@cca.example")
        await bus.publish(other.routed(), other.offered("cca"))
        await eventually(mail.all_there)
    assert [sent.to for sent in mail.mails] == ["duty@cca.example"]


async def test_of_a_notice_that_every_channel_refused_the_coordinator_is_told_in_its_place(
    bus: Bus, mail: MailServer, provider: Provider, settings: NotificationsSettings
) -> None:
    provider.faults.append(Fault.refused)
    mail.faults.append(MailFault.reject)
    async with running(settings):
        life = Life()
        mail.expect(life.reference, COORDINATOR)
        await bus.publish(life.routed(), life.offered("dcf"))
        await eventually(mail.all_there)
        events = await bus.delivered(2)
    assert sorted(event.type.split(".")[3] for event in events) == ["delivered", "failed"]
    assert mail.mails[0].subject == f"[High] A desk could not be told of a referral ({life.reference})"


async def test_text_messages_that_are_not_set_up_are_no_way_to_reach_a_desk(bus: Bus, mail: MailServer, tmp_path: Path) -> None:
    only_phone = config(tmp_path, phone=PHONE, address=None)
    with pytest.raises(ValueError, match="dcf: DCF Careline desk can only be reached by a channel that is not set up"):
        async with running(bus.settings(mail, config_dir=only_phone)):
            pass
