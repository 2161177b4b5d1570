"""Topics full of referrals: some thousand made-up lives of a synthetic year, repeated under other ids.

All are received within about a year, so that a year is everything. A copy has the times of its life: what it costs to fold and
to count is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate, cycle, islice
from random import Random
from uuid import UUID

from benchmarks.bench import Bench
from deploy.year.story import Story, year
from shared.broker import Message, Publisher
from shared.events.codec import encode
from shared.events.envelope import Event
from shared.settings import KafkaSettings
from shared.topics import ACTIVITY, DELIVERED, INTAKE

BEGIN, END = datetime(2025, 10, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
LIVES, EVENTS = 3000, 8
AT_ONCE = 5000


def lives() -> list[Story]:
    """As many of the short ones as have `EVENTS` events each on average, mixed."""
    stories = sorted(year(BEGIN, END, LIVES, 1), key=lambda one: len(events_of(one)))
    so_far = accumulate(len(events_of(one)) for one in stories)
    told = [one for number, (one, events) in enumerate(zip(stories, so_far, strict=True), 1) if events <= EVENTS * number]
    Random(1).shuffle(told)
    return told


def events_of(story: Story) -> list[tuple[str, Event]]:
    """All of them, with their topics."""
    parts = ((INTAKE, story.intake), (ACTIVITY, story.activity), (DELIVERED, story.delivered))
    return [(topic, event) for topic, events in parts for event in events]


def messages(referrals: int) -> Iterator[Message]:
    """The events of so many, life by life."""
    rng = Random(2)
    told = [(str(one.id).encode(), [(topic, encode(event)) for topic, event in events_of(one)]) for one in lives()]
    for id_, events in islice(cycle(told), referrals):
        other = str(UUID(int=rng.getrandbits(128), version=4)).encode()
        yield from (Message(topic, other, value.replace(id_, other)) for topic, value in events)


async def publish(bench: Bench, kafka: KafkaSettings, referrals: int) -> int:
    """Fills the topics; how many events that were."""
    publisher, every, count, said = Publisher(kafka), messages(referrals), 0, 0
    while some := list(islice(every, AT_ONCE)):
        await publisher.send(some)
        count += len(some)
        if count >= said + 500_000:
            said = count
            bench.say(f"{count:,} events are in the topics")
    await publisher.stop()
    return count
