"""Servers that hang, put us off, or are away for an hour, and clocks that jump: every notice arrives, and none is lost."""

from datetime import timedelta
from pathlib import Path

from tests.activity import Life
from tests.integration.notifications.clocks import WallClock
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.every_channel import WAYS, by_every_channel
from tests.integration.notifications.half_open import half_open
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Provider
from tests.waiting import eventually


async def test_servers_that_take_connections_and_say_nothing_lose_no_notice_of_any_channel(
    bus: Bus, mail: MailServer, others: Provider, tmp_path: Path
) -> None:
    settings = by_every_channel(bus, mail, others, tmp_path)
    await mail.stop()
    await others.stop()
    async with running(settings):
        async with half_open(mail.port), half_open(others.port):
            for agency in WAYS:
                life = Life()
                await bus.publish(life.routed(), life.offered(agency))
                mail.expect(life.reference, *(["duty@cca.example"] if agency == "cca" else []))

            async def all_tried() -> bool:
                return len(await bus.notices(trouble="timeout")) == len(WAYS)

            await eventually(all_tried, within=60)
        await mail.start()
        await others.start()
        events = await bus.delivered(len(WAYS))
    assert {event.data.channel.value for event in events} == set(WAYS.values())
    assert mail.repeats == {}
    assert {request.path for request in others.requests} == {"/2010-04-01/Accounts/AC1/Messages.json", "/referrals", "/"}


async def test_a_server_that_puts_off_who_comes_for_the_first_time_gets_each_mail_once(bus: Bus, mail: MailServer) -> None:
    mail.greylisting = True
    async with running(bus.settings(mail)):
        for agency in ("cca", "dcf", "windsor-pd"):
            life = Life()
            mail.expect(life.reference, f"duty@{agency}.example")
            await bus.publish(life.routed(), life.offered(agency))
        events = await bus.delivered(3)
    assert [event.data.attempts for event in events] == [2, 2, 2]
    assert len(mail.mails) == 3


async def test_after_an_hour_without_a_server_and_clocks_set_forward_and_back_all_arrives_once(
    bus: Bus, mail: MailServer
) -> None:
    clock = WallClock()
    await mail.stop()

    async def tell() -> None:
        life = Life()
        mail.expect(life.reference, "duty@cca.example")
        await bus.publish(life.routed(), life.offered("cca"))

    async with running(bus.settings(mail, clock_scale=100.0), clock):
        for minutes in range(0, 61, 10):
            clock.ahead = timedelta(minutes=minutes)
            await tell()

        async def tried() -> bool:
            return len(await bus.notices(attempts={"$gte": 1})) >= 1 and len(await bus.notices()) == 7

        await eventually(tried, within=60)
        clock.ahead -= timedelta(seconds=2)
        await tell()
        await mail.start()
        await eventually(mail.all_there, within=60)
        events = await bus.delivered(8)
    assert {event.data.notice for event in events} == {notice["_id"] for notice in await bus.notices(status="sent")}
    assert mail.repeats == {}
