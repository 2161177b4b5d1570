"""More than one way to tell somebody: each tried in turn, none waiting for another, and the coordinator where all fail."""

import shutil
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
import yaml

from services.notifications.answers.provider_message import signature
from services.notifications.channels.settings import SmsSettings
from services.notifications.settings import NotificationsSettings
from shared.events.notification import NotificationDelivered
from shared.service import Service
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


def answering(settings: NotificationsSettings) -> NotificationsSettings:
    return settings.model_copy(
        update={"sms": settings.sms.model_copy(update={"callback_url": "http://test/from-provider"}), "clock_scale": 0.05}
    )


async def posted(client: httpx.AsyncClient, path: str, token: str = "token", **form: str) -> int:
    url = f"http://test/from-provider/{path}"
    return (await client.post(url, data=form, headers={"x-twilio-signature": signature(token, url, form)})).status_code


def browser(service: Service) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=service.http), base_url="http://test")


async def test_a_reply_to_a_text_message_stops_the_reminders_and_only_from_the_phone_that_got_it(
    bus: Bus, provider: Provider, mail: MailServer, settings: NotificationsSettings
) -> None:
    async with running(answering(settings)) as service, browser(service) as client:
        life = Life(urgency=Urgency.critical)
        mail.expect(life.reference, "supervisor@dcf.example")
        await bus.publish(life.routed(), life.offered("dcf"))
        await bus.delivered(2)
        assert f"reply OK {life.reference}." in provider.requests[0].form["Body"]
        assert await posted(client, "replies", From="+18605550111", Body=f"OK {life.reference}") == 200
        assert await posted(client, "replies", "guess", From=PHONE, Body=f"OK {life.reference}") == 403
        assert await bus.database["escalations"].count_documents({"status": "open"}) == 1
        assert await posted(client, "replies", From=PHONE, Body=f"OK {life.reference}") == 200
        assert await bus.database["escalations"].count_documents({"status": "acknowledged"}) == 1


async def test_who_answers_stop_gets_no_more_text_messages_until_they_say_start(
    bus: Bus, provider: Provider, mail: MailServer, settings: NotificationsSettings
) -> None:
    async with running(answering(settings)) as service, browser(service) as client:
        assert await posted(client, "replies", From=PHONE, Body="STOP") == 200
        await offered(bus, mail)
        await eventually(mail.all_there)
        assert provider.requests == []
        assert PHONE not in str(await bus.database["opt_outs"].find().to_list(None))
        assert await posted(client, "replies", From=PHONE, Body="START") == 200
        await offered(bus, mail)
        await bus.delivered(2)
    assert len(provider.requests) == 1


async def test_of_a_text_message_that_did_not_reach_the_phone_the_coordinator_is_told_once(
    bus: Bus, provider: Provider, mail: MailServer, settings: NotificationsSettings
) -> None:
    async with running(answering(settings)) as service, browser(service) as client:
        life = await offered(bus, mail)
        await bus.delivered(1)
        mail.wished.clear()
        mail.expect(life.reference, COORDINATOR)
        path = provider.requests[0].form["StatusCallback"].removeprefix("http://test/from-provider/")
        for status in ("sent", "undelivered", "undelivered"):
            assert await posted(client, path, MessageStatus=status) == 204
        await eventually(mail.all_there)
        await bus.delivered(2)
    assert [sent.to for sent in mail.mails] == [COORDINATOR]


async def test_text_messages_that_are_not_set_up_are_no_way_to_reach_a_desk(bus: Bus, mail: MailServer, tmp_path: Path) -> None:
    only_phone = config(tmp_path, phone=PHONE, address=None)
    with pytest.raises(ValueError, match="dcf: DCF Careline desk can only be reached by a channel that is not set up"):
        async with running(bus.settings(mail, config_dir=only_phone)):
            pass
