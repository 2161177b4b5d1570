"""Many at once: few messages, everything told once, and one answer for all of it."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from shared.vocabulary import Urgency
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import Fault, MailServer
from tests.waiting import eventually

DUTY, SUPERVISOR, COORDINATOR = "duty@dcf.example", "supervisor@dcf.example", "coordinator@taskforce.example"
SOON: dict[str, Any] = {"window": "1 h", "alone": 1, "wait": {"critical": "1 s", "high": "1 s", "routine": "1 s"}}
"""The first goes by itself, and whatever else a test brings is a storm."""


@pytest.fixture
def stormy(tmp_path: Path) -> Path:
    """The files that ship, with storms that take seconds."""
    folder = shutil.copytree("config", tmp_path / "config")
    change(folder / "notices.yaml", {"storms": SOON})
    return folder


def change(file: Path, said: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text()) | said))


async def all_sent(bus: Bus, count: int) -> None:
    async def sent() -> bool:
        return len(await bus.notices(status="sent", kind={"$exists": True})) == count

    await eventually(sent, within=60)


async def test_in_a_storm_two_instances_tell_everyone_of_everything_once_in_few_messages(
    bus: Bus, mail: MailServer, stormy: Path
) -> None:
    lives = [Life(urgency=Urgency.critical) for _ in range(200)]
    for life in lives:
        mail.expect(life.reference, DUTY, SUPERVISOR)
    settings = [bus.settings(mail, name, group_storms=True, config_dir=stormy) for name in ("one", "two")]
    async with running(settings[0]), running(settings[1]):
        await bus.publish(*(event for life in lives for event in (life.routed(), life.offered("dcf"))))
        await eventually(mail.all_there, within=60)
        await all_sent(bus, 400)
        events = await bus.delivered(400)
    told = Counter((sent.to, reference) for sent in mail.mails for reference in sent.references)
    assert told == dict.fromkeys(mail.wished, 1)
    assert mail.repeats == {}
    assert len(mail.mails) < 60
    assert {f"<{event.data.message}@taskforce.example>" for event in events} == {sent.message_id for sent in mail.mails}


async def test_nobody_gets_as_many_reminders_as_there_are_referrals(bus: Bus, mail: MailServer, stormy: Path) -> None:
    lives = [Life(urgency=Urgency.critical) for _ in range(20)]
    for life in lives:
        mail.expect(life.reference, DUTY, SUPERVISOR, COORDINATOR)
    change(stormy / "notices.yaml", {"storms": SOON | {"wait": dict.fromkeys(SOON["wait"], "90 s")}})
    # In a hurry: steps after 3 and 4.8 s, and 0.9 s to wait for others.
    async with running(bus.settings(mail, group_storms=True, config_dir=stormy, clock_scale=0.01)):
        await bus.publish(*(event for life in lives for event in (life.routed(), life.offered("dcf"))))
        await eventually(mail.all_there, within=60)
        await bus.publish(*(life.accepted("dcf") for life in lives))

        async def ended() -> bool:
            return await bus.database["escalations"].count_documents({"status": "accepted"}) == 20

        await eventually(ended, within=60)
    step = await bus.notices(step=2, role="coordinator")
    assert {notice["referral"] for notice in step} == {life.referral for life in lives}
    assert len({notice.get("bundle") or notice["_id"] for notice in step}) < 10


async def test_one_button_answers_for_everything_that_the_message_tells_of(bus: Bus, mail: MailServer, stormy: Path) -> None:
    lives = [Life(urgency=Urgency.critical) for _ in range(6)]
    for life in lives:
        mail.expect(life.reference, DUTY, SUPERVISOR)
    (stormy / "key").write_text("a key for tests")
    links: dict[str, Any] = {"acknowledge_url": "http://test/acknowledge", "acknowledge_key_file": stormy / "key"}
    async with running(bus.settings(mail, group_storms=True, config_dir=stormy, **links)) as service:
        await bus.publish(*(event for life in lives for event in (life.routed(), life.offered("dcf"))))
        await eventually(mail.all_there, within=60)
        seen = max((sent for sent in mail.mails if sent.to == DUTY), key=lambda sent: len(sent.references))
        transport = httpx.ASGITransport(app=service.http)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            page = await client.get(seen.link_to_acknowledge)
            answer = await client.post(seen.link_to_acknowledge)
    assert all(reference in page.text for reference in seen.references)
    assert (f"I have seen all {len(seen.references)}" in page.text, answer.status_code) == (True, 200)
    ended = await bus.database["escalations"].find({"status": "acknowledged"}).to_list(None)
    assert {str(one["referral"])[:8] for one in ended} == set(seen.references)
    noted = await bus.notices(acknowledged={"$exists": True}, kind={"$exists": True})
    assert Counter((one["role"], str(one["referral"])[:8]) for one in noted) == {("duty", one): 1 for one in seen.references}


async def test_of_a_message_about_several_that_nobody_takes_the_coordinator_learns_each(
    bus: Bus, mail: MailServer, stormy: Path
) -> None:
    first, life = Life(urgency=Urgency.high), Life(urgency=Urgency.high)
    mail.expect(first.reference, DUTY)
    async with running(bus.settings(mail, group_storms=True, config_dir=stormy)):
        await bus.publish(first.routed(), first.offered("dcf"))
        await eventually(mail.all_there, within=60)
        mail.faults.append(Fault.reject)
        mail.expect(life.reference, COORDINATOR)
        await bus.publish(life.routed(), *(life.offered("dcf") for _ in range(4)))
        await all_sent(bus, 5)
    failed = await bus.notices(status="failed", kind="offered")
    instead = await bus.notices(status="sent", kind="undelivered")
    assert len(failed) == 4
    assert {notice["about"] for notice in instead} == {notice["about"] for notice in failed}
