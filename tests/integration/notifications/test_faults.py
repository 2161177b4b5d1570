"""When the mail server misbehaves: every notice arrives at least once, and a repeat can be told by its Message-ID."""

import pytest
from prometheus_client import REGISTRY

from services.notifications.notices.attempt import Trouble
from shared.events.notification import NotificationFailed
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import Fault, MailServer
from tests.waiting import eventually

DUTY = "duty@cca.example"


def repeated() -> float:
    return REGISTRY.get_sample_value("notices_repeated_total") or 0.0


def troubles(trouble: Trouble) -> float:
    return REGISTRY.get_sample_value("notices_attempts_failed_total", {"channel": "email", "trouble": trouble.value}) or 0.0


async def tell(bus: Bus, mail: MailServer) -> Life:
    life = Life()
    mail.expect(life.reference, DUTY)
    await bus.publish(life.routed(), life.offered("cca"))
    return life


async def test_a_mail_put_off_is_sent_later_and_once(bus: Bus, mail: MailServer) -> None:
    mail.faults.extend([Fault.defer, Fault.defer])
    before = repeated(), troubles(Trouble.deferred)
    async with running(bus.settings(mail)):
        await tell(bus, mail)
        [event] = await bus.delivered(1)
    assert event.data.attempts == 3
    assert len(mail.mails) == 1
    assert (repeated(), troubles(Trouble.deferred)) == (before[0], before[1] + 2)


async def test_a_refused_mail_has_failed_the_coordinator_is_told_in_its_place_and_reporting_hears_of_it(
    bus: Bus, mail: MailServer
) -> None:
    mail.faults.append(Fault.reject)
    life = Life()
    mail.expect(life.reference, "coordinator@taskforce.example")
    async with running(bus.settings(mail)):
        await bus.publish(life.routed(), life.offered("cca"))
        [event] = [event for event in await bus.delivered(2) if isinstance(event, NotificationFailed)]
    assert (event.subject, event.data.reason, event.data.attempts) == (life.referral, "refused", 1)
    [notice] = await bus.notices(status="failed")
    assert (notice["kind"], notice["trouble"]) == ("offered", "refused")
    [instead] = await bus.notices(status="sent")
    assert (instead["kind"], instead["role"]) == ("undelivered", "coordinator")


@pytest.mark.parametrize(("fault", "trouble"), [(Fault.swallow, Trouble.unreachable), (Fault.dawdle, Trouble.timeout)])
async def test_a_lost_answer_leads_to_a_repeat_with_the_same_message_id_which_is_counted(
    bus: Bus, mail: MailServer, fault: Fault, trouble: Trouble
) -> None:
    mail.faults.append(fault)
    before = repeated(), troubles(trouble)
    async with running(bus.settings(mail)):
        await tell(bus, mail)
        [event] = await bus.delivered(1)
    assert list(mail.repeats.values()) == [2]
    assert event.data.attempts == 2
    assert (repeated(), troubles(trouble)) == (before[0] + 1, before[1] + 1)
    [notice] = await bus.notices()
    assert notice["unsure"] is True


async def test_faults_of_all_kinds_among_many_mails_lose_none(bus: Bus, mail: MailServer) -> None:
    mail.faults.extend([Fault.defer, Fault.swallow, Fault.dawdle, Fault.defer, Fault.swallow, Fault.swallow] * 3)
    async with running(bus.settings(mail)):
        for _ in range(40):
            await tell(bus, mail)
        await eventually(mail.all_there)
        events = await bus.delivered(40)
    assert len({event.data.notice for event in events}) == 40
    again = [notice for notice in await bus.notices() if notice["unsure"]]
    assert {f"<{notice['_id']}@taskforce.example>" for notice in again} == set(mail.repeats)
    assert mail.repeats


async def test_while_the_server_is_away_notices_wait_and_then_all_arrive(bus: Bus, mail: MailServer) -> None:
    await mail.stop()
    async with running(bus.settings(mail, unready_after=3)) as service:
        for _ in range(30):
            await tell(bus, mail)

        async def reported() -> bool:
            return "mail" in await service.health.problems()

        await eventually(reported)
        assert len(await bus.notices(status="sent")) == 0
        await mail.start()
        await eventually(mail.all_there)
        await bus.delivered(30)
        assert "mail" not in await service.health.problems()
    assert len(mail.mails) == 30
    assert mail.repeats == {}


async def test_a_server_that_is_away_for_a_moment_does_not_make_the_service_unready(bus: Bus, mail: MailServer) -> None:
    await mail.stop()
    async with running(bus.settings(mail)) as service:
        await tell(bus, mail)

        async def tried() -> bool:
            return bool(await bus.notices(attempts={"$gte": 1}))

        await eventually(tried)
        assert await service.health.problems() == {}
        await mail.start()
        await eventually(mail.all_there)


async def test_a_server_that_does_not_let_us_in_loses_no_notice(bus: Bus, mail: MailServer) -> None:
    mail.refuse_sender = "550 5.7.1 sign in first"
    async with running(bus.settings(mail)):
        await tell(bus, mail)

        async def tried() -> bool:
            return bool(await bus.notices(trouble="not_admitted"))

        await eventually(tried)
        mail.refuse_sender = ""
        await eventually(mail.all_there)


async def test_connections_are_kept_open_between_mails(bus: Bus, mail: MailServer) -> None:
    async with running(bus.settings(mail)):
        for _ in range(50):
            await tell(bus, mail)
        await eventually(mail.all_there)
    assert len(mail.mails) == 50
    assert mail.connections <= 8


async def test_a_quiet_shutdown_finishes_what_is_in_hand_and_gives_back_the_rest(bus: Bus, mail: MailServer) -> None:
    mail.dawdling = 0.3
    mail.faults.extend([Fault.dawdle] * 100)
    async with running(bus.settings(mail)):
        for _ in range(40):
            await tell(bus, mail)

        async def some() -> bool:
            return len(mail.mails) >= 8

        await eventually(some)
    notices = await bus.notices()
    assert {notice["status"] for notice in notices} == {"pending", "sent"}
    assert len([notice for notice in notices if notice["status"] == "sent"]) == len(mail.mails)
    mail.faults.clear()
    async with running(bus.settings(mail)):
        await eventually(mail.all_there)
    assert mail.repeats == {}
