"""How much memory each service holds when it is idle and after 100,000 events, and whether that goes on growing.

Each service runs alone and works off events that were made for it: intake takes posts, the others read their topics. Growth is
what the second half of the events added to the first: what a cache needs is there by then, what leaks goes on.
"""

from __future__ import annotations

import asyncio
import re
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import psutil
import uvloop

from benchmarks.bench import Bench
from benchmarks.door import Door
from benchmarks.figure import Figure, at_most
from benchmarks.referrals import received
from benchmarks.stack import Stack
from deploy.demo.caseload import CASES
from deploy.embedded import Service
from shared.broker import Message, Publisher
from shared.events.codec import encode
from shared.topics import ACTIVITY, DELIVERED, INTAKE
from tests.histories import lives

PARTS = {INTAKE: "intake", ACTIVITY: "activity", DELIVERED: "delivered"}
AT_ONCE = 5000
PATIENCE = 600.0
APPLIED = re.compile(rb"^delivery_records_applied_total\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)


def for_routing(count: int) -> Iterator[Message]:
    """Referrals to be routed."""
    for number in range(count):
        event = received(number)
        yield Message(INTAKE, str(event.subject).encode(), encode(event))


def for_readers(*topics: str) -> Callable[[int], Iterator[Message]]:
    """Whole lives of referrals, as far as they are on these topics."""

    def messages(count: int) -> Iterator[Message]:
        told = lives(1, count // 8)
        every = ((topic, event) for life in told for topic in topics for event in getattr(life, PARTS[topic]))
        for topic, event in islice(every, count):
            yield Message(topic, str(event.subject).encode(), encode(event))

    return messages


FEEDS: dict[str, Callable[[int], Iterator[Message]]] = {
    "routing": for_routing,
    "notifications": for_readers(ACTIVITY),
    "reporting": for_readers(*PARTS),
}


async def feed(stack: Stack, name: str, count: int) -> float:
    """Publishes what the service has to read, and returns the MB it holds when it has applied half of it."""
    service, publisher, sent = stack.services[name], Publisher(stack.ground.kafka()), 0
    messages, half = FEEDS[name](count), 0.0
    while batch := list(islice(messages, AT_ONCE)):
        await publisher.send(batch)
        sent += len(batch)
        await applied(service, sent)
        half = half if half or sent < count / 2 else megabytes(service)
    await publisher.stop()
    return half


async def applied(service: Service, wanted: int) -> None:
    """Returns when the service has applied that many records."""
    until = time.monotonic() + PATIENCE
    while (done := await asyncio.to_thread(_applied, service)) < wanted:
        assert time.monotonic() < until, f"{service.name} applied only {done} of {wanted}"
        await asyncio.sleep(0.2)


def _applied(service: Service) -> float:
    with urllib.request.urlopen(f"{service.url}/metrics", timeout=10) as page:
        return sum(float(value) for value in APPLIED.findall(page.read()))


async def post(stack: Stack, count: int) -> float:
    """Posts that many referrals, 16 at a time, and returns the MB that intake holds after half of them."""
    door, service, left = Door(stack.services["intake"].port), stack.services["intake"], iter(range(count))
    halves: list[float] = []

    async def one_after_another() -> None:
        for number in left:
            status, _ = await door.post(CASES[number % len(CASES)].body)
            assert status == 202, f"intake answered {status}"
            if number == count // 2:
                halves.append(megabytes(service))

    await asyncio.gather(*[one_after_another() for _ in range(16)])
    return halves[0]


def megabytes(service: Service) -> float:
    """What the process holds now."""
    return float(psutil.Process(service.pid).memory_info().rss) / 2**20


def of_service(name: str, bench: Bench) -> Sequence[Figure]:
    """Idle, after all events, and the growth of the second half."""
    count = bench.choose(100_000, 2_000)
    with Stack(bench, [name]) as stack:
        time.sleep(bench.choose(3, 0))
        idle, started = megabytes(stack.services[name]), time.monotonic()
        work: Any = post(stack, count) if name == "intake" else feed(stack, name, count)
        half, seconds = uvloop.run(work), time.monotonic() - started
        time.sleep(bench.choose(3, 0))
        after = megabytes(stack.services[name])
    bench.say(f"{name}: {idle:.0f} MB idle, {half:.0f} MB half way, {after:.0f} MB after {count:,} events in {seconds:.0f} s")
    return [
        Figure(f"{name}, idle", idle, "MB", at_most(120)),
        Figure(f"{name}, after {count:,} events", after, "MB", at_most(120)),
        Figure(f"{name}, growth in the second half of them", after - half, "MB", at_most(5)),
    ]


def measure(bench: Bench) -> Iterable[Figure]:
    """Each service: at most 120 MB, and flat."""
    for name in ("intake", *FEEDS):
        yield from of_service(name, bench)
