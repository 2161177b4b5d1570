"""The link in a message: a page with a button, which alone does anything, and then stops the reminders."""

from pathlib import Path

import httpx

from services.notifications.settings import NotificationsSettings
from services.notifications.texts.links import Links
from shared.service import Service
from shared.vocabulary import Urgency
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import MailServer
from tests.waiting import eventually

DUTY, SUPERVISOR = "duty@dcf.example", "supervisor@dcf.example"


def signing(bus: Bus, mail: MailServer, folder: Path) -> NotificationsSettings:
    """Reminders come after 3 s, so that there is time for an answer."""
    (folder / "key").write_text("a key for tests")
    return bus.settings(mail, acknowledge_url="http://test/acknowledge", acknowledge_key_file=folder / "key", clock_scale=0.01)


def browser(service: Service) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=service.http), base_url="http://test")


async def offered(bus: Bus, mail: MailServer) -> Life:
    life = Life(urgency=Urgency.critical)
    mail.expect(life.reference, DUTY, SUPERVISOR)
    await bus.publish(life.routed(), life.offered("dcf"))
    await eventually(mail.all_there)
    return life


async def test_the_button_in_a_mail_stops_the_escalation_and_opening_the_link_does_not(
    bus: Bus, mail: MailServer, tmp_path: Path
) -> None:
    async with running(signing(bus, mail, tmp_path)) as service, browser(service) as client:
        life = await offered(bus, mail)
        [link] = {sent.link_to_acknowledge for sent in mail.mails if sent.to == DUTY}
        page = await client.get(link)
        [before] = await bus.database["escalations"].find().to_list(None)
        answer = await client.post(link)
        again = await client.post(link)
        [after] = await bus.database["escalations"].find().to_list(None)
        ledger = await bus.notices(referral=life.referral)
    assert (page.status_code, answer.status_code, again.status_code) == (200, 200, 200)
    assert "I have seen this" in page.text
    assert "It is noted" in answer.text
    assert (before["status"], after["status"], "due" in after) == ("open", "acknowledged", False)
    assert {entry["role"]: entry.get("acknowledged") is not None for entry in ledger} == {"duty": True, "supervisor": False}


async def test_the_page_says_nothing_but_the_reference_and_stays_out_of_caches(
    bus: Bus, mail: MailServer, tmp_path: Path
) -> None:
    async with running(signing(bus, mail, tmp_path)) as service, browser(service) as client:
        life = await offered(bus, mail)
        page = await client.get(mail.mails[0].link_to_acknowledge)
    assert life.reference in page.text
    assert not any(word in page.text.lower() for word in ("dcf", "critical", str(life.referral), "@"))
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


async def test_a_link_that_is_none_of_ours_leads_nowhere(bus: Bus, mail: MailServer, tmp_path: Path) -> None:
    async with running(signing(bus, mail, tmp_path)) as service, browser(service) as client:
        await offered(bus, mail)
        good = mail.mails[0].link_to_acknowledge
        forged = Links("", "http://test/acknowledge", "another key").token((await bus.notices())[0]["_id"])
        for link in (
            good[:-2] + ("a" if good[-2] != "a" else "b") + good[-1],  # the last one holds two bits that nothing reads
            f"http://test/acknowledge/{forged}",
            "http://test/acknowledge/x",
        ):
            assert (await client.post(link)).status_code == 404
        [escalation] = await bus.database["escalations"].find().to_list(None)
    assert escalation["status"] == "open"


async def test_reminders_of_the_matter_that_wait_are_dropped(bus: Bus, mail: MailServer, tmp_path: Path) -> None:
    async with running(signing(bus, mail, tmp_path)) as service, browser(service) as client:
        await offered(bus, mail)
        await mail.stop()

        async def reminded() -> bool:
            return len(await bus.notices(step=1)) == 2

        await eventually(reminded)
        assert (await client.post(mail.mails[0].link_to_acknowledge)).status_code == 200
        await mail.start()

        async def dropped() -> bool:
            return len(await bus.notices(status="dropped")) == 2

        await eventually(dropped)
    assert len(mail.mails) == 2
