"""From an event of routing to a mail, on the real broker, database and mail protocol."""

from services.notifications.channels.settings import SmtpSettings
from shared.events.notification import NotificationDelivered
from shared.events.routing import ActivityEvent
from shared.vocabulary import ClockKind, EscalationLevel, Urgency
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, pairs, running
from tests.integration.notifications.mail_server import MailServer
from tests.waiting import eventually

COORDINATOR = "coordinator@taskforce.example"


async def test_everyone_who_has_to_know_is_told_once_and_nobody_else(bus: Bus, mail: MailServer) -> None:
    calm, urgent = Life(urgency=Urgency.high), Life(urgency=Urgency.critical)
    mail.expect(calm.reference, "duty@hartford-pd.example", "supervisor@hartford-pd.example", COORDINATOR)
    mail.expect(urgent.reference, "duty@dcf.example", "supervisor@dcf.example", COORDINATOR)
    async with running(bus.settings(mail)):
        await bus.publish(calm.routed(), calm.offered("hartford-pd"), calm.accepted("hartford-pd"))
        await bus.publish(urgent.routed(), urgent.offered("dcf"), urgent.missed(ClockKind.dcf_oral_report, "dcf"))
        await bus.publish(calm.escalated("hartford-pd", EscalationLevel.supervisor))
        await bus.delivered(5)
        await bus.publish(calm.declined("hartford-pd"))
        await eventually(mail.all_there)
        events = await bus.delivered(6)
    assert pairs(mail.mails) == sorted(mail.wished)
    assert {event.data.notice for event in events} == {notice["_id"] for notice in await bus.notices(status="sent")}


async def test_what_was_sent_is_told_to_reporting_by_role_with_how_long_it_took(bus: Bus, mail: MailServer) -> None:
    life = Life(urgency=Urgency.routine)
    mail.expect(life.reference, "duty@cca.example")
    offered = life.offered("cca")
    async with running(bus.settings(mail)):
        await bus.publish(offered)
        [event] = await bus.delivered(1)
    assert isinstance(event, NotificationDelivered)
    assert (event.subject, event.correlationid, event.causationid) == (life.referral, offered.correlationid, offered.id)
    assert (event.data.agency, event.data.role, event.data.urgency, event.data.attempts) == ("cca", "duty", "routine", 1)
    assert 0 <= event.data.after_ms < 15_000
    assert event.sequence == 1


async def test_a_redelivered_event_tells_nobody_again(bus: Bus, mail: MailServer) -> None:
    life = Life()
    mail.expect(life.reference, "duty@cca.example", COORDINATOR)
    first: list[ActivityEvent] = [life.routed(), life.offered("cca")]
    async with running(bus.settings(mail)):
        await bus.publish(*first)
        await bus.publish(*first, life.declined("cca"))
        await eventually(mail.all_there)
        await bus.delivered(2)
    assert len(mail.mails) == 2
    assert len(await bus.notices()) == 2


async def test_a_crash_between_notices_and_standing_adds_nothing_twice(bus: Bus, mail: MailServer) -> None:
    life = Life()
    mail.expect(life.reference, "duty@cca.example")
    async with running(bus.settings(mail)):
        events: list[ActivityEvent] = [life.routed(), life.offered("cca")]
        await bus.publish(*events)
        await eventually(mail.all_there)
    await bus.database["referrals"].delete_many({})
    async with running(bus.settings(mail)):
        again = Life()
        mail.expect(again.reference, "duty@dcf.example")
        await bus.publish(*events, again.routed(), again.offered("dcf"))
        await eventually(mail.all_there)
    assert len(mail.mails) == 2


async def test_an_event_that_comes_too_early_is_parked_and_the_others_go_on(bus: Bus, mail: MailServer) -> None:
    gap, whole = Life(), Life()
    mail.expect(whole.reference, "duty@cca.example")
    gap.routed()
    async with running(bus.settings(mail)) as service:
        await bus.publish(gap.offered("hartford-pd"), whole.routed(), whole.offered("cca"))
        await eventually(mail.all_there)

        async def parked() -> bool:
            return bool(await service.readers[0].parking.all())

        await eventually(parked)
        [key] = await service.readers[0].parking.all()
    assert (key.key, key.events[0].reason) == (str(gap.referral).encode(), "gap")


async def test_two_instances_share_the_work_and_never_send_the_same(bus: Bus, mail: MailServer) -> None:
    lives = [Life() for _ in range(60)]
    for life in lives:
        mail.expect(life.reference, "duty@cca.example", "duty@dcf.example")
    async with running(bus.settings(mail, "one")), running(bus.settings(mail, "two")):
        for life in lives:
            await bus.publish(life.routed(), life.offered("cca"), life.offered("dcf"))
        await eventually(mail.all_there)
        await bus.delivered(120)
    assert len(mail.mails) == 120
    assert mail.repeats == {}
    notices = await bus.notices()
    assert {(notice["status"], notice["attempts"], notice["unsure"]) for notice in notices} == {("sent", 1, False)}


async def test_the_database_holds_no_address(bus: Bus, mail: MailServer) -> None:
    life = Life()
    mail.expect(life.reference, "duty@cca.example")
    async with running(bus.settings(mail)):
        await bus.publish(life.routed(), life.offered("cca"))
        await bus.delivered(1)
    for name in await bus.database.list_collection_names():
        assert "@" not in str(await bus.database[name].find().to_list(None))


async def test_a_channel_sends_no_more_in_a_second_than_it_may(bus: Bus, mail: MailServer) -> None:
    lives = [Life() for _ in range(16)]
    for life in lives:
        mail.expect(life.reference, "duty@cca.example")
    slow = SmtpSettings(port=mail.port, answer_seconds=0.5, send_seconds=0.8, per_second=10)
    async with running(bus.settings(mail, smtp=slow)):
        await bus.publish(*(event for life in lives for event in (life.routed(), life.offered("cca"))))
        await eventually(mail.all_there)
    times = sorted(sent.at for sent in mail.mails)
    assert times[-1] - times[0] >= 0.5  # ten at once, and the other six a tenth of a second apart
