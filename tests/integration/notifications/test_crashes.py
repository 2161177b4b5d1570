"""Kill -9 at every crash point, whatever goes by it: everything is told, and a repeat carries the same Message-ID.

Each point is tried with one story; with CRASHES=all (`make crashes`), with every story that comes by it.
"""

import os
import re
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from services.notifications.keeping.stores import Stores
from services.notifications.notices.attempt import Sent
from services.notifications.plan.rules import load_rules
from services.notifications.sending.grouping import Grouping
from services.notifications.settings import NotificationsSettings
from services.notifications.usecases import Announce
from shared.clock import now
from shared.events.routing import ActivityEvent
from shared.topics import DELIVERED
from shared.vocabulary import NotificationChannel, Urgency
from tests.activity import Life
from tests.integration.notifications.clocks import WallClock
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.doomed import how_it_ends
from tests.integration.notifications.mail_server import MailServer
from tests.waiting import eventually

DUTY, SUPERVISOR = "duty@dcf.example", "supervisor@dcf.example"
LEASE = timedelta(seconds=2)
_NOTICES = {"kind": {"$exists": True}}
_MESSAGES = {"bundle": {"$exists": False}, "held": None}

Events = list[ActivityEvent]


def offers(count: int, urgency: Urgency) -> tuple[list[Life], Events]:
    life = Life(urgency=urgency)
    return [life], [life.routed(), *(life.offered("dcf") for _ in range(count))]


def taken_back() -> tuple[list[Life], Events]:
    lives = [Life(urgency=Urgency.routine) for _ in range(3)]
    return lives, [event for life in lives for event in (life.routed(), life.revoked("dcf"))]


COMING = ("notifications_after_insert", "notifications_after_cursor", "before_commit")
GOING = (
    "notifications_after_claim",
    "notifications_after_send",
    "notifications_after_record",
    "before_publish",
    "before_clear",
)


@dataclass(frozen=True)
class Story:
    """`told`: to whom. `coming`: the points by which its `kept` notices come in. `going`: those by which messages go out when
    it is `later`; what is due before that has gone out by then. In the end there are `sent` notices."""

    happens: Callable[[], tuple[list[Life], Events]]
    told: tuple[str, ...]
    kept: int
    sent: int
    coming: tuple[str, ...] = COMING
    going: tuple[str, ...] = GOING
    later: timedelta = timedelta(0)


STORIES = {
    "alone": Story(lambda: offers(1, Urgency.critical), (DUTY, SUPERVISOR), 2, 2),
    "storm": Story(
        lambda: offers(4, Urgency.high), (DUTY,), 4, 4, (*COMING, "notifications_after_join"), later=timedelta(seconds=31)
    ),
    "digest": Story(taken_back, (DUTY,), 3, 3, (*COMING, "notifications_after_join"), later=timedelta(hours=26)),
    "step": Story(
        lambda: offers(1, Urgency.critical),
        (DUTY, SUPERVISOR),
        2,
        4,
        coming=(),
        going=("notifications_after_insert", "notifications_after_step", *GOING),
        later=timedelta(minutes=5, seconds=1),
    ),
}
EVERY = [(name, point) for name, story in STORIES.items() for point in (*story.coming, *story.going)]
ONE_OF_EACH = [
    ("storm", "notifications_after_insert"),
    ("digest", "notifications_after_join"),
    ("alone", "notifications_after_cursor"),
    ("storm", "before_commit"),
    ("step", "notifications_after_step"),
    ("digest", "notifications_after_claim"),
    ("storm", "notifications_after_send"),
    ("digest", "notifications_after_record"),
    ("step", "before_publish"),
    ("alone", "before_clear"),
]
CASES = EVERY if os.environ.get("CRASHES") == "all" else ONE_OF_EACH


def test_every_crash_point_there_is_gets_tried() -> None:
    code = [path.read_text() for room in ("services/notifications", "shared") for path in Path(room).rglob("*.py")]
    named = {name for text in code for name in re.findall(r'crash_point\("(\w+)"\)', text)}
    assert {point for _, point in ONE_OF_EACH} == {point for _, point in EVERY} == named
    assert set(ONE_OF_EACH) <= set(EVERY)


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    """What ships, with a digest for DCF's desk, and with storms that begin with the second message."""
    folder = shutil.copytree("config", tmp_path / "config")
    contacts = yaml.safe_load((folder / "contacts.yaml").read_text())
    contacts["contacts"]["dcf"][0]["digest"] = "daily 08:00"
    (folder / "contacts.yaml").write_text(yaml.safe_dump(contacts))
    wait = dict.fromkeys(Urgency.terms(), "30 s")
    notices = yaml.safe_load((folder / "notices.yaml").read_text()) | {"storms": {"window": "1 h", "alone": 1, "wait": wait}}
    (folder / "notices.yaml").write_text(yaml.safe_dump(notices))
    return folder


async def came_in(bus: Bus, settings: NotificationsSettings, events: Events, story: Story) -> None:
    """As if an earlier process had read the events, and had sent what was due before the story goes on."""
    stores = Stores.on(bus.database, "earlier", settings.topic(DELIVERED), now)
    await stores.ensure_indexes()
    rules = load_rules(settings.config_dir, channels=settings.channels)
    await Announce(stores, Grouping(stores.notices, stores.bundles, rules, now), rules, wake=lambda: None, clock=now).apply(
        events
    )
    if story.later:
        if claims := await stores.notices.claim(NotificationChannel.email, 100, LEASE):
            await stores.notices.record([Sent(claim, now()) for claim in claims])
        await stores.notices.notices.update_many({}, {"$set": {"outbox": []}})


async def killed(bus: Bus, mail: MailServer, configured: Path, point: str, ahead: timedelta) -> None:
    environment = bus.environment(mail, CRASH_AT=point, GROUP_STORMS="true", CONFIG_DIR=str(configured))
    assert await how_it_ends(environment, ahead) == -signal.SIGKILL


def repeated() -> float:
    return REGISTRY.get_sample_value("notices_repeated_total") or 0.0


@pytest.mark.parametrize(("name", "point"), CASES)
async def test_killed_anywhere_everything_is_told_and_repeats_can_be_told(
    bus: Bus, mail: MailServer, configured: Path, name: str, point: str
) -> None:
    story, clock = STORIES[name], WallClock()
    settings = bus.settings(mail, group_storms=True, config_dir=configured)
    lives, events = story.happens()
    for life in lives:
        mail.expect(life.reference, *story.told)
    if point in story.coming:
        await bus.publish(*events)
    else:
        await came_in(bus, settings, events, story)
        clock.ahead = story.later
    sent_before = len(await bus.notices(status="sent"))
    await killed(bus, mail, configured, point, clock.ahead)
    repeated_before = repeated()
    async with running(settings, clock):
        await eventually(lambda: as_many(bus, story.kept))
        clock.ahead = story.later + LEASE + timedelta(seconds=1)
        await eventually(lambda: as_many(bus, story.sent, status="sent"))
        told = {event.data.notice for event in await bus.delivered(story.sent - sent_before, different=True)}
    unsure = {f"<{message['_id']}@taskforce.example>" for message in await bus.notices(unsure=True, **_MESSAGES)}
    assert told <= {notice["_id"] for notice in await bus.notices(**_NOTICES)}
    assert sum({sent.message_id: len(sent.references) for sent in mail.mails}.values()) == len(told)
    assert (set(mail.repeats) <= unsure, set(mail.repeats.values()) <= {2}) == (True, True)
    assert bool(mail.repeats) or point != "notifications_after_send"
    assert repeated() - repeated_before == len(unsure)


async def as_many(bus: Bus, count: int, **which: Any) -> bool:
    return len(await bus.notices(**_NOTICES, **which)) >= count
