"""How fast reporting makes all its figures anew from the topics.

Runs the operator's own command, start and end of the process included. The events of all referrals are mixed in the order of
their times, as they would have come over a year.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least
from benchmarks.ground import Ground
from deploy.embedded.access import ADMIN
from shared.broker import Message, Publisher
from shared.events.codec import encode
from shared.settings import KafkaSettings
from shared.topics import ACTIVITY, DELIVERED, INTAKE, all_topics
from tests.histories import lives

PARTS = {INTAKE: "intake", ACTIVITY: "activity", DELIVERED: "delivered"}


@dataclass(frozen=True)
class Run:
    """Seconds by the clock and of processor time, and the most memory it held, in MB."""

    seconds: float
    cpu: float
    memory: float


async def publish(kafka: KafkaSettings, referrals: int) -> int:
    """Fills the topics; how many events that were."""
    told = lives(1, referrals)
    publisher, count = Publisher(kafka), 0
    for topic, part in PARTS.items():
        events = sorted((event for life in told for event in getattr(life, part)), key=lambda event: event.time)
        count += len(events)
        for start in range(0, len(events), 5000):
            batch = events[start : start + 5000]
            await publisher.send([Message(topic, str(event.subject).encode(), encode(event)) for event in batch])
    await publisher.stop()
    return count


def rebuild(ground: Ground) -> Run:
    """The real command, as a process, looked at every 20 ms."""
    environment = os.environ | ground.broker.access.environment(ADMIN) | {"MONGO_URL": ground.database.url}
    command, started = [sys.executable, "-m", "services.reporting", "rebuild"], time.monotonic()
    process, memory, cpu = psutil.Popen(command, env=environment, stdout=subprocess.DEVNULL), 0, 0.0
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess), process.oneshot():
            memory = max(memory, process.memory_info().rss)
            cpu = max(cpu, sum(process.cpu_times()[:2]))
        time.sleep(0.02)
    assert process.returncode == 0, f"rebuild ended with status {process.returncode}"
    return Run(time.monotonic() - started, cpu, memory / 2**20)


def measure(bench: Bench) -> Iterable[Figure]:
    """Rebuild: goal at least 10,000 events a second."""
    referrals = bench.choose(20_000, 300)
    with bench.ground() as ground:
        ground.topics(all_topics([]))
        events = asyncio.run(publish(ground.kafka(), referrals))
        bench.say(f"{events:,} events of {referrals:,} referrals are in the topics")
        runs = []
        for _ in range(bench.choose(3, 1)):
            runs.append(rebuild(ground))
            bench.say(f"rebuilt in {runs[-1].seconds:.1f} s, {events / runs[-1].seconds:,.0f}/s")
    return [
        Figure("events", events, "events"),
        Figure("rebuild", events / median(run.seconds for run in runs), "events/s", at_least(10_000)),
        Figure("rebuild, by processor time", events / median(run.cpu for run in runs), "events/s"),
        Figure("most memory of the rebuild", max(run.memory for run in runs), "MB"),
    ]
