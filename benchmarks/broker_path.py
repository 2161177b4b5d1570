"""How much our way through the broker costs: read, decode, publish one event each, commit; against a bare aiokafka loop.

Ours is a Reader on a FastStream batch subscriber: it decodes and validates every event, asks the database which keys are held
back, publishes through the Publisher and commits exactly its batch. Both read the same events of 1 kB and write the same bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from statistics import median
from time import process_time
from uuid import UUID

import uvloop

from benchmarks import bare_broker_path as bare
from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least
from benchmarks.ground import Ground
from benchmarks.pace import Lap, Pace
from benchmarks.referrals import all_received
from benchmarks.rounds import Contender, race
from shared import mongo
from shared.broker import Message, Publisher, kafka_broker
from shared.clock import now
from shared.delivery.parking import Parking
from shared.delivery.subscription import keyed, subscribe
from shared.events.codec import Codec, encode
from shared.events.intake import IntakeEvent, ReferralReceived
from shared.settings import ServiceSettings
from shared.topics import Topic

SOURCE, TARGET = "bench.source", "bench.target"
HEADERS = (("content-type", b"application/cloudevents+json"),)
DECODE = keyed(Codec[ReferralReceived](IntakeEvent))
DATABASE = "bench"


class Copy:
    """A use case that publishes one event for each it is given, through the Publisher."""

    def __init__(self, publisher: Publisher, messages: Mapping[UUID, Message], count: int) -> None:
        self._publisher = publisher
        self._messages = messages
        self._count = count
        self.pace = Pace()
        self.done = asyncio.Event()

    async def apply(self, events: Sequence[ReferralReceived], *, accept_gap: bool = False) -> None:
        """The messages are made beforehand, of the events read: the bare loop does not encode either."""
        self.pace.tick(len(events))
        await self._publisher.send([self._messages[event.subject] for event in events])
        if self.pace.events >= self._count:
            self.done.set()


async def ours(ground: Ground, messages: Mapping[UUID, Message], number: int) -> Lap:
    """One run of our way, in a consumer group of its own."""
    group = f"ours-{number}"
    settings = ServiceSettings(instance="1", kafka=ground.kafka(), mongo=ground.mongo(DATABASE))
    client = mongo.connect(settings.mongo.connection_string())
    parking = Parking(mongo.database(client, DATABASE)["parked"], group, now)
    broker, publisher = kafka_broker(settings.kafka), Publisher(settings.kafka)
    copy = Copy(publisher, messages, len(messages))
    subscribe(
        broker,
        settings,
        group=group,
        topics=[SOURCE],
        decode=DECODE,
        apply=copy.apply,
        parking=parking,
        publisher=publisher,
    )
    try:
        await broker.start()
        await asyncio.wait_for(copy.done.wait(), 120)
    finally:
        await broker.stop()
        await publisher.stop()
        client.close()
    return copy.pace.lap()


async def plain(ground: Ground, count: int, produce: bare.Produce, number: int) -> Lap:
    """One run of a bare loop, in a consumer group of its own."""
    return await bare.run(ground.kafka(), (SOURCE, TARGET), f"{produce.__name__}-{number}", count, produce)


async def compare(ground: Ground, bench: Bench) -> list[Figure]:
    """Races ours against both bare loops."""
    count = bench.choose(30_000, 3_000)
    messages = {e.subject: Message(TARGET, str(e.subject).encode(), encode(e), HEADERS) for e in all_received(count)}
    await fill(ground, list(messages.values()))
    contenders: dict[str, Contender] = {
        "ours": partial(ours, ground, messages),
        "bare": partial(plain, ground, count, bare.send),
        "bare, packed": partial(plain, ground, count, bare.packed),
    }
    result = await race(contenders, bench.choose(7, 1), bench.say)
    decoding = decode_seconds([message.value for message in messages.values()][:2000])
    spent = median(1 / lap.cpu_rate for lap in result.laps["ours"])
    return [
        Figure("ours", result.rate("ours"), "events/s"),
        Figure("bare aiokafka", result.rate("bare"), "events/s"),
        Figure("bare aiokafka, batches packed by hand", result.rate("bare, packed"), "events/s"),
        Figure("ours / bare", result.ratio("ours", "bare"), "ratio", at_least(0.9)),
        Figure("ours / bare, by processor time", result.cpu_ratio("ours", "bare"), "ratio"),
        Figure("ours / bare packed by hand", result.ratio("ours", "bare, packed"), "ratio"),
        Figure("decoding one event", decoding * 1e6, "µs"),
        Figure("decoding, as a part of our processor time", 100 * decoding / spent, "%"),
    ]


async def fill(ground: Ground, messages: Sequence[Message]) -> None:
    """Puts the events on the topic that everyone reads."""
    ground.topics([Topic(SOURCE), Topic(TARGET)])
    publisher = Publisher(ground.kafka())
    for begin in range(0, len(messages), 5000):
        await publisher.send([message._replace(topic=SOURCE) for message in messages[begin : begin + 5000]])
    await publisher.stop()


def decode_seconds(bodies: Sequence[bytes]) -> float:
    """Processor seconds that decoding one event takes."""
    codec = Codec[ReferralReceived](IntakeEvent)
    begin = process_time()
    for body in bodies:
        codec.decode(body)
    return (process_time() - begin) / len(bodies)


def measure(bench: Bench) -> Iterable[Figure]:
    """The broker path: goal at least 0.9 of bare."""
    with bench.ground() as ground:
        return uvloop.run(compare(ground, bench))
