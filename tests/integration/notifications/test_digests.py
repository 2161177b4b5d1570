"""A digest comes at its hour and as one, to whoever then holds the desk, by the first channel that takes it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from services.notifications.channels.settings import SmsSettings
from shared.clock import now
from shared.vocabulary import Urgency
from tests.activity import Life
from tests.integration.notifications.clocks import WallClock
from tests.integration.notifications.conftest import Bus, Commands, running
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Provider
from tests.integration.notifications.test_channels import config
from tests.waiting import eventually

DUTY, WINDSOR, COORDINATOR = "duty@dcf.example", "duty@windsor-pd.example", "coordinator@taskforce.example"
PHONES = {"dcf": "+18605550100", "windsor-pd": "+18605550133"}
PAST_ANY_HOUR = timedelta(hours=26)


def change(file: Path, said: Any) -> None:
    document = yaml.safe_load(file.read_text())
    said(document)
    file.write_text(yaml.safe_dump(document))


def text_messages(others: Provider, folder: Path) -> SmsSettings:
    (folder / "token").write_text("token")
    url = f"https://127.0.0.1:{others.port}"
    return SmsSettings(
        url=url,
        account="AC1",
        token_file=folder / "token",
        sender="+18605550199",
        ca_file=folder / "ca.pem",
        per_second=100,
        send_seconds=0.8,
    )


async def waiting(bus: Bus, count: int) -> None:
    async def waits() -> bool:
        return len(await bus.notices(status="grouped")) == count

    await eventually(waits)


async def all_sent(bus: Bus, count: int) -> None:
    async def sent() -> bool:
        return len(await bus.notices(status="sent", kind={"$exists": True})) == count

    await eventually(sent)


async def test_a_digest_waits_for_its_hour_shows_in_the_ledger_and_comes_as_one(
    bus: Bus, mail: MailServer, tmp_path: Path, commands: Commands
) -> None:
    configured = config(tmp_path, digest="daily 08:00", zone="America/Chicago")
    clock, lives = WallClock(), [Life(urgency=Urgency.routine) for _ in range(3)]
    async with running(bus.settings(mail, group_storms=True, config_dir=configured), clock):
        await bus.publish(*(event for life in lives for event in (life.routed(), life.revoked("dcf"))))
        await waiting(bus, 3)
        before = await commands("told", str(lives[0].referral))
        preview = await commands("digests", "--agency", "dcf", CONFIG_DIR=str(configured))
        for life in lives:
            mail.expect(life.reference, DUTY)
        clock.ahead = PAST_ANY_HOUR
        await eventually(mail.all_there)
        await all_sent(bus, 3)
        after = await commands("told", str(lives[0].referral))
    [sent] = mail.mails
    assert sent.subject.startswith("[Routine] Your digest: 3 notices about referrals")
    assert "waits until" in before[1]
    assert "(digest)" in before[1]
    assert ("Your digest: 3 notices" in preview[1], lives[0].reference in preview[1]) == (True, True)
    assert "sent by email with others (digest)" in after[1]


async def test_a_digest_whose_first_channel_is_broken_comes_whole_by_the_next(
    bus: Bus, mail: MailServer, others: Provider, tmp_path: Path
) -> None:
    configured = config(tmp_path, digest="daily 08:00", phone=PHONES["dcf"], prefers=["sms"])
    wanted = {"digest": "daily 08:00", "phone": PHONES["windsor-pd"]}
    change(configured / "contacts.yaml", lambda document: document["contacts"]["windsor-pd"][0].update(wanted))
    mail.gone.add(WINDSOR)
    await others.stop()
    clock, lives = WallClock(), [Life(urgency=Urgency.routine) for _ in range(3)]
    settings = bus.settings(mail, group_storms=True, config_dir=configured, sms=text_messages(others, tmp_path))
    async with running(settings, clock):
        told = (event for life in lives for event in (life.routed(), life.revoked("dcf"), life.revoked("windsor-pd")))
        await bus.publish(*told)
        await waiting(bus, 6)
        for life in lives:
            mail.expect(life.reference, DUTY)
        clock.ahead = PAST_ANY_HOUR
        await eventually(mail.all_there)
        await others.start()
        events = await bus.delivered(6)
        await all_sent(bus, 6)
    [by_mail] = mail.mails
    assert sorted(by_mail.references) == sorted(life.reference for life in lives)
    [by_text] = others.requests
    assert (by_text.form["To"], "3 notices" in by_text.form["Body"]) == (PHONES["windsor-pd"], True)
    assert {(event.data.agency, event.data.channel) for event in events} == {("dcf", "email"), ("windsor-pd", "sms")}
    tried = {
        one["agency"]: {(each["channel"], each["trouble"]) for each in one["tried"]} for one in await bus.notices(form="digest")
    }
    assert ("sms", "unreachable") in tried["dcf"]
    assert tried["windsor-pd"] == {("email", "refused")}


async def test_a_digest_goes_to_whoever_is_on_call_when_it_is_sent(bus: Bus, mail: MailServer, tmp_path: Path) -> None:
    configured = config(tmp_path)
    today = {"from": now() - timedelta(hours=1), "until": now() + timedelta(hours=1), "who": "cca-supervisor-1"}
    usual = {"people": ["cca-supervisor-2"], "since": "2026-01-05"}
    schedule = {"id": "cca-supervisors", "rotation": usual, "overrides": [today]}
    change(configured / "on-call.yaml", lambda document: document.update(schedules=[schedule]))
    everybody = {"digest": "daily 08:00"}
    change(configured / "staff.yaml", lambda document: [person.update(everybody) for person in document["people"]])
    clock, life = WallClock(), Life(urgency=Urgency.routine)
    mail.expect(life.reference, COORDINATOR, "supervisor-2@cca.example")
    async with running(bus.settings(mail, group_storms=True, config_dir=configured), clock):
        await bus.publish(life.routed(), life.expired("cca"))
        await waiting(bus, 1)
        clock.ahead = PAST_ANY_HOUR
        await eventually(mail.all_there)
        await all_sent(bus, 2)
    assert {notice["person"] for notice in await bus.notices(role="supervisor")} == {"cca-supervisor-2"}
