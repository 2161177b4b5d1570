"""Kill -9 at any point of the way: the mail arrives at least once, and a repeat carries the same Message-ID."""

import asyncio
import signal

import pytest

from tests.activity import Life
from tests.integration.notifications.conftest import Bus, process, running
from tests.integration.notifications.mail_server import MailServer
from tests.waiting import eventually

ATTEMPTS = {
    "notifications_after_insert": 1,
    "notifications_after_cursor": 1,
    "notifications_after_claim": 2,
    "notifications_after_send": 2,
    "notifications_after_record": 1,
}
"""How many attempts each point leads to. Those around publishing and committing are tested with the delivery core."""


@pytest.mark.parametrize("point", ATTEMPTS)
async def test_killed_anywhere_the_mail_arrives_and_repeats_can_be_told(bus: Bus, mail: MailServer, point: str) -> None:
    life = Life()
    mail.expect(life.reference, "duty@cca.example")
    await bus.publish(life.routed(), life.offered("cca"))
    async with process(bus, mail, point) as doomed, asyncio.timeout(60):
        assert await doomed.wait() == -signal.SIGKILL
    async with running(bus.settings(mail)):
        await eventually(mail.all_there)
        events = await bus.delivered(1)
    [notice] = await bus.notices()
    assert notice["status"] == "sent"
    assert {mail.message_id for mail in mail.mails} == {f"<{notice['_id']}@taskforce.example>"}
    assert {event.data.notice for event in events} == {notice["_id"]}
    assert (notice["attempts"], notice["unsure"]) == (ATTEMPTS[point], ATTEMPTS[point] == 2)
    assert len(mail.mails) == (2 if point == "notifications_after_send" else 1)
