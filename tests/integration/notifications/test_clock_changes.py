"""Somebody sets the clock back or ahead while messages wait: none is lost, none waits for the clock to catch up, none is sent
twice."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from services.notifications.keeping.clock_store import ClockStore
from services.notifications.keeping.stores import Stores
from services.notifications.notices.attempt import Claimed, Failed, Later, Sent, Trouble, Undelivered
from services.notifications.notices.verdict import Patience, verdict
from services.notifications.oversight.audit_store import AuditStore
from services.notifications.oversight.auditor import Auditor
from services.notifications.plan.rules import Rules, load_rules
from services.notifications.sending.clock_watch import ClockWatch
from services.notifications.sending.escalator import Escalator
from services.notifications.sending.grouping import Grouping
from services.notifications.usecases import Announce
from shared.events.routing import ActivityEvent
from shared.mongo import Database
from shared.vocabulary import NotificationChannel, Urgency
from tests.activity import Life
from tests.integration.notifications.clocks import Hands, WallClock
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import Fault, MailServer
from tests.waiting import eventually

MAIL, LEASE = NotificationChannel.email, timedelta(seconds=60)
NIGHT = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)  # 22:30 in Connecticut
SEVEN = datetime(2026, 11, 26, 12, tzinfo=UTC)
EIGHT = SEVEN + timedelta(hours=1)
DAY = timedelta(days=1)
PATIENCE = Patience(first=1, longest=300, outage=15, give_up_hours=48)


@pytest.fixture
def clock() -> Hands:
    return Hands(NIGHT)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """What ships, with a desk that rests at night, one that wants a digest, and one with two channels."""
    folder = shutil.copytree("config", tmp_path / "config")
    document = yaml.safe_load((folder / "contacts.yaml").read_text())
    document["contacts"]["dcf"][0]["quiet"] = "22:00-07:00"
    document["contacts"]["windsor-pd"][0]["digest"] = "daily 08:00"
    document["contacts"]["hartford-pd"][0]["phone"] = "+18605550100"
    (folder / "contacts.yaml").write_text(yaml.safe_dump(document))
    return load_rules(folder)


class World:
    """The stages before and after sending, on a real database."""

    def __init__(self, database: Database, rules: Rules, clock: Hands) -> None:
        self.clock = clock
        self.database = database
        self.stores = Stores.on(database, "one", "topic", clock)
        grouping = Grouping(self.stores.notices, self.stores.bundles, rules, clock)
        self.announce = Announce(self.stores, grouping, rules, wake=lambda: None, clock=clock)
        self.escalator = Escalator(self.stores, grouping, rules, wake=lambda: None, clock=clock, poll_seconds=1)
        store = ClockStore(database, LEASE)
        self.watch = ClockWatch(store, self.stores.escalations, rules, clock=clock, every=5)

    async def claim(self, channel: NotificationChannel = MAIL) -> list[Claimed]:
        return await self.stores.notices.claim(channel, 100, LEASE)

    async def set_clock(self, by: timedelta) -> None:
        """A look before and after, as the service has every few seconds."""
        await self.watch.look()
        self.clock.at += by
        await self.watch.look()

    async def dues(self) -> dict[str, timedelta]:
        """For how long each thing still waits, by whose it is."""
        found = self.database["notices"].find({"due": {"$exists": True}})
        notices = {f"{one['agency']} {one['role']}": one["due"] - self.clock.at for one in await found.to_list(None)}
        escalation = await self.database["escalations"].find_one({"status": "open"})
        return notices | ({"escalation": escalation["due"] - self.clock.at} if escalation else {})


@pytest.fixture
async def world(database: Database, rules: Rules, clock: Hands) -> World:
    world = World(database, rules, clock)
    await world.stores.ensure_indexes()
    return world


async def everything_waits(world: World) -> None:
    """A rest, a digest, a storm, an attempt to be repeated, a claim whose process has died, and an escalation."""
    events: list[ActivityEvent] = []
    for agency, urgency in (("dcf", Urgency.high), ("windsor-pd", Urgency.routine)):
        life = Life(urgency=urgency)
        events += [life.routed(), life.revoked(agency)]
    life = Life(urgency=Urgency.high)
    events += [life.routed(), *(life.offered("cca") for _ in range(5))]
    life = Life(urgency=Urgency.critical)
    events += [life.routed(), life.offered("hartford-pd")]
    await world.announce.apply(events)
    for claim in await world.claim():
        seat, now = claim.message.seat, world.clock.at
        if seat.agency == "cca":
            await world.stores.notices.record([Sent(claim, now)])
        elif seat.role == "duty":
            await world.stores.notices.record([Later(claim, now + timedelta(minutes=5), False, Trouble.deferred)])


async def test_what_waits_by_a_clock_that_is_right_is_not_touched(world: World) -> None:
    await everything_waits(world)
    before = await world.dues()
    await world.set_clock(timedelta(seconds=30))
    assert {what: due + timedelta(seconds=30) for what, due in (await world.dues()).items()} == before
    assert before == {
        "dcf duty": SEVEN - NIGHT,
        "windsor-pd duty": EIGHT - NIGHT,
        "cca duty": timedelta(minutes=1),
        "hartford-pd duty": timedelta(minutes=5),
        "hartford-pd supervisor": LEASE,
        "escalation": timedelta(minutes=5),
    }


@pytest.mark.parametrize("back", [timedelta(minutes=2), timedelta(hours=5), 3 * DAY, 364 * DAY])
async def test_set_back_nothing_waits_longer_than_it_would_by_the_clock_as_it_is_now(world: World, back: timedelta) -> None:
    await everything_waits(world)
    before = await world.dues()
    await world.set_clock(-back)
    dues = await world.dues()
    assert dues.keys() == before.keys()
    assert dues["cca duty"] == dues["hartford-pd duty"] == timedelta(0)
    assert dues["hartford-pd supervisor"] == LEASE
    assert dues["escalation"] == timedelta(minutes=5)
    at_night = back % DAY < timedelta(minutes=30)
    assert dues["dcf duty"] == (SEVEN - NIGHT + (back if back < DAY else timedelta(0)) if at_night else timedelta(0))
    assert timedelta(0) <= dues["windsor-pd duty"] <= DAY
    assert (world.clock.at + dues["windsor-pd duty"]).time() == EIGHT.time()


async def test_killed_before_the_reading_is_noted_it_is_done_again_and_changes_nothing_more(world: World) -> None:
    await everything_waits(world)
    await world.set_clock(-timedelta(hours=5))
    dues = await world.dues()
    await ClockStore(world.database, LEASE).note(NIGHT)
    await world.watch.look()
    assert await world.dues() == dues


async def test_set_back_the_next_channel_is_not_hours_further_off_than_before(world: World) -> None:
    life = Life(urgency=Urgency.critical)
    await world.announce.apply([life.routed(), life.offered("hartford-pd")])
    [claim] = [claim for claim in await world.claim() if claim.message.fall_over]
    await world.stores.notices.record([Later(claim, world.clock.at + timedelta(seconds=1), False, Trouble.unreachable)])
    await world.set_clock(-timedelta(hours=5))
    [again] = [other for other in await world.claim() if other.message.id == claim.message.id]
    assert again.message.fall_over
    assert again.message.fall_over - world.clock.at <= timedelta(seconds=15)


async def test_set_back_the_auditor_still_asks(world: World, database: Database) -> None:
    store = AuditStore(database, timedelta(minutes=2))
    auditor = Auditor(store, world.clock, every=15)
    life = Life(urgency=Urgency.high)
    offered = life.offered("dcf").model_copy(update={"time": world.clock.at})
    await auditor.apply([offered])
    await auditor.look()
    assert await store.counts() == {}
    world.clock.at -= timedelta(hours=5)
    await auditor.look()
    assert await store.counts() == {"never_planned": 1}


async def test_set_ahead_by_days_nothing_is_given_up_for_it(world: World) -> None:
    life = Life(urgency=Urgency.high)
    await world.announce.apply([life.routed(), life.offered("cca")])
    await world.set_clock(3 * DAY)
    [claim] = await world.claim()
    away = Undelivered(Trouble.unreachable)
    assert not isinstance(verdict(claim, away, world.clock.at, (MAIL,), PATIENCE), Failed)
    later = world.clock.at + timedelta(hours=49)
    assert isinstance(verdict(claim, away, later, (MAIL,), PATIENCE), Failed)


async def test_set_ahead_by_days_an_escalation_goes_up_one_step_and_then_waits_as_ever(world: World) -> None:
    life = Life(urgency=Urgency.critical)
    await world.announce.apply([life.routed(), life.offered("cca")])
    await world.set_clock(3 * DAY)
    for _ in range(3):
        await world.escalator.take_steps()
    assert (await world.dues())["escalation"] == timedelta(minutes=3)
    assert await world.database["notices"].count_documents({"step": {"$gt": 1}}) == 0


async def test_set_back_and_forth_every_step_is_taken_once(world: World) -> None:
    life = Life(urgency=Urgency.critical)
    await world.announce.apply([life.routed(), life.offered("cca")])
    for by in (timedelta(minutes=5), -timedelta(hours=5), timedelta(minutes=3), timedelta(hours=5), -timedelta(hours=1)):
        await world.set_clock(by)
        await world.escalator.take_steps()
    steps = await world.database["notices"].distinct("step")
    assert steps == [0, 1, 2, 3]
    assert await world.database["notices"].count_documents({"step": 1}) == 2


@pytest.mark.parametrize("ahead", [timedelta(hours=1), -timedelta(hours=1)])
async def test_set_while_a_message_is_being_sent_it_is_sent_once(bus: Bus, mail: MailServer, ahead: timedelta) -> None:
    mail.dawdling = 0.3
    mail.faults.append(Fault.dawdle)
    clock, life = WallClock(), Life()
    mail.expect(life.reference, "duty@cca.example")
    async with running(bus.settings(mail), clock):
        await bus.publish(life.routed(), life.offered("cca"))
        await eventually(mail.all_there)
        clock.ahead = ahead
        await bus.delivered(1)
    assert mail.repeats == {}
    assert [(notice["attempts"], notice["unsure"]) for notice in await bus.notices()] == [(1, False)]
