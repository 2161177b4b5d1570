"""While nobody answers, somebody higher is told, once each time; an answer stops it everywhere."""

from collections import Counter

from services.notifications.notices.notice import NoticeStatus
from shared.events.notification import NotificationFailed
from shared.vocabulary import Urgency
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import MailServer
from tests.waiting import eventually

DUTY, SUPERVISOR, COORDINATOR = "duty@dcf.example", "supervisor@dcf.example", "coordinator@taskforce.example"
FAST = 0.002  # notices.yaml in a hurry: its 5 and 3 minutes are 0.6 and 0.36 s, its 15 minutes 1.8 s


async def offered(bus: Bus, mail: MailServer) -> Life:
    life = Life(urgency=Urgency.critical)
    mail.expect(life.reference, DUTY, SUPERVISOR, COORDINATOR)
    await bus.publish(life.routed(), life.offered("dcf"))
    return life


async def test_what_nobody_answers_goes_up_and_the_answer_ends_it(bus: Bus, mail: MailServer) -> None:
    async with running(bus.settings(mail, clock_scale=FAST)):
        life = await offered(bus, mail)
        await eventually(mail.all_there)
        await bus.publish(life.accepted("dcf"))

        async def ended() -> bool:
            return await bus.database["escalations"].count_documents({"status": "accepted"}) == 1

        await eventually(ended)
        # Another one goes all the way meanwhile: by then the first would have come again.
        other = await offered(bus, mail)

        async def repeated() -> bool:
            return len([sent for sent in mail.mails if (sent.reference, sent.to) == (other.reference, COORDINATOR)]) == 2

        await eventually(repeated)
    first = Counter(sent.to for sent in mail.mails if sent.reference == life.reference)
    assert first == {DUTY: 2, SUPERVISOR: 2, COORDINATOR: 1}
    assert mail.repeats == {}


async def test_two_instances_take_each_step_once(bus: Bus, mail: MailServer) -> None:
    settings = [bus.settings(mail, name, clock_scale=FAST) for name in ("one", "two")]
    async with running(settings[0]), running(settings[1]):
        lives = [await offered(bus, mail) for _ in range(25)]
        await eventually(mail.all_there)
        for life in lives:
            await bus.publish(life.accepted("dcf"))

        async def all_ended() -> bool:
            return await bus.database["escalations"].count_documents({"status": "accepted"}) == 25

        await eventually(all_ended)
    assert mail.repeats == {}
    steps = Counter((notice["about"], notice["step"], notice["role"]) for notice in await bus.notices())
    assert set(steps.values()) == {1}


async def test_reminders_that_could_not_be_sent_yet_are_dropped_once_the_answer_is_there(bus: Bus, mail: MailServer) -> None:
    await mail.stop()
    async with running(bus.settings(mail, clock_scale=FAST)):
        life = await offered(bus, mail)

        async def reminded() -> bool:
            return len(await bus.notices(step=1)) == 2

        await eventually(reminded)
        await bus.publish(life.accepted("dcf"))

        async def pointless() -> bool:
            return bool(await bus.notices(pointless=True))

        await eventually(pointless)
        await mail.start()
        mail.wished.discard((COORDINATOR, life.reference))
        mail.expect(life.reference, DUTY, SUPERVISOR)
        await eventually(mail.all_there)
        events = await bus.delivered(4)
    assert len(mail.mails) == 2
    reasons = {event.data.reason for event in events if isinstance(event, NotificationFailed)}
    assert reasons == {"suppressed"}
    assert {notice["status"] for notice in await bus.notices(awaits="dcf")} == {NoticeStatus.dropped}
