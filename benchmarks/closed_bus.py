"""What passwords and TLS cost: the same events over three listeners of one broker, in turn.

`open`: no user, nothing encrypted. `SCRAM`: as our services connect, inside. `SCRAM+TLS`: as agencies connect, outside. Every
request of the last two is checked against the rules too. Written through our Publisher, read by a bare consumer.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import psutil
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.load import percentile
from benchmarks.open_broker import OpenBroker
from benchmarks.pace import Lap, Pace
from benchmarks.referrals import all_received
from benchmarks.rounds import Contender, Race, race
from deploy.embedded import class_path
from shared.broker import Message, Publisher, connection
from shared.bus.cluster import Cluster
from shared.events.codec import encode
from shared.settings import KafkaSettings
from shared.topics import Topic

TOPIC, ECHO, BATCH = "bench.closed", "bench.echo", 500
OPEN = "open"
Ways = Mapping[str, KafkaSettings]


def ways(broker: OpenBroker) -> Ways:
    """The administrator's user where there is one: users' rules differ, and checking them costs the same."""
    access = broker.access
    return {OPEN: broker.open, "SCRAM": access.settings(), "SCRAM+TLS": access.outside_settings("admin")}


async def write(kafka: KafkaSettings, messages: Sequence[Message], _: int) -> Lap:
    """All of them, batch after batch, each acknowledged."""
    pace, publisher = Pace(), Publisher(kafka)
    for start in range(0, len(messages), BATCH):
        pace.tick(BATCH)
        await publisher.send(messages[start : start + BATCH])
    pace.tick(0)
    await publisher.stop()
    return pace.lap()


async def read(kafka: KafkaSettings, messages: Sequence[Message], _: int) -> Lap:
    """As many from the beginning of the topic."""
    pace = Pace()
    async with AIOKafkaConsumer(TOPIC, **connection(kafka), auto_offset_reset="earliest") as reading:
        while pace.events < len(messages):
            batches = await reading.getmany(timeout_ms=1000, max_records=BATCH)
            pace.tick(sum(map(len, batches.values())))
    return pace.lap()


async def round_trips(kafka: KafkaSettings, count: int) -> list[float]:
    """Seconds from sending one event until a consumer that waits for it has it; one after the other."""
    partition, publisher, found = TopicPartition(ECHO, 0), Publisher(kafka), []
    reading = AIOKafkaConsumer(**connection(kafka))
    async with reading:
        reading.assign([partition])
        await reading.seek_to_end(partition)
        await reading.position(partition)
        for number in range(count + 10):
            begun = time.perf_counter()
            await publisher.send([Message(ECHO, b"key", b"%d" % number)])
            record: Any = await reading.getone()
            found.append(time.perf_counter() - begun)
            assert record.value == b"%d" % number
    await publisher.stop()
    return found[10:]


async def connects(kafka: KafkaSettings, count: int) -> list[float]:
    """Seconds until a new client is connected, known to the broker, and knows the cluster."""
    found = []
    for _ in range(count):
        begun, client = time.perf_counter(), AIOKafkaClient(**connection(kafka))
        await client.bootstrap()
        found.append(time.perf_counter() - begun)
        await client.close()
    return found


class Spent:
    """The processor time that the broker took for each way: it tells more than the clock on a busy machine."""

    def __init__(self, broker: OpenBroker) -> None:
        self._broker = psutil.Process(broker.pid)
        self.seconds: dict[str, float] = {}

    async def during(self, name: str, contender: Contender, number: int) -> Lap:
        """Runs a contender once."""
        before = sum(self._broker.cpu_times()[:2])
        lap = await contender(number)
        self.seconds[name] = self.seconds.get(name, 0.0) + sum(self._broker.cpu_times()[:2]) - before
        return lap

    def figures(self, what: str, events: int) -> list[Figure]:
        """For each event of all rounds."""
        return [Figure(f"{what}, {name}, broker's CPU", 1e6 * s / events, "µs an event") for name, s in self.seconds.items()]


def rates(what: str, laps: Race, by: Ways) -> list[Figure]:
    """Events a second of each way, and each as a share of the open one."""
    found = [Figure(f"{what}, {name}", laps.rate(name), "events/s") for name in by]
    closed = [name for name in by if name != OPEN]
    found += [Figure(f"{what}, {name} / {OPEN}", laps.ratio(name, OPEN), "") for name in closed]
    return found + [Figure(f"{what}, {name} / {OPEN}, by client CPU", laps.cpu_ratio(name, OPEN), "") for name in closed]


async def times(
    what: str, ask: Callable[[KafkaSettings, int], Awaitable[list[float]]], by: Ways, rounds: int, count: int
) -> list[Figure]:
    """Median and 99th percentile of each way, in turn, so that a slow moment hits all of them."""
    found: dict[str, list[float]] = {name: [] for name in by}
    for _ in range(rounds):
        for name, kafka in by.items():
            found[name] += await ask(kafka, count)
    shares = (("p50", 0.5), ("p99", 0.99))
    return [Figure(f"{what}, {n}, {p}", 1000 * percentile(v, share), "ms") for n, v in found.items() for p, share in shares]


async def run(broker: OpenBroker, bench: Bench) -> list[Figure]:
    """Writing, reading, there and back, connecting."""
    by, rounds = ways(broker), bench.choose(5, 1)
    Cluster(broker.access.settings()).create_topics([Topic(TOPIC), Topic(ECHO, 1)])
    messages = [Message(TOPIC, str(e.subject).encode(), encode(e)) for e in all_received(bench.choose(30_000, 2_000))]
    found = []
    for what, how in (("write", write), ("read", read)):
        bench.say(f"{what}: {len(messages):,} events of {len(messages[0].value)} bytes")
        spent, contenders = Spent(broker), {name: partial(how, kafka, messages) for name, kafka in by.items()}
        laps = await race({name: partial(spent.during, name, one) for name, one in contenders.items()}, rounds, bench.say)
        found += rates(what, laps, by) + spent.figures(what, rounds * len(messages))
    bench.say("one event there and back, and connecting")
    found += await times("there and back", round_trips, by, rounds, bench.choose(200, 5))
    return found + await times("connect", connects, by, rounds, bench.choose(10, 1))


def measure(bench: Bench) -> Iterable[Figure]:
    """Side by side on one broker; there is no goal: it says what being closed costs."""
    bench.say("starting Kafka")
    with OpenBroker(bench.folder / "kafka", class_path(bench.cache)) as broker:
        return uvloop.run(run(broker, bench))
