"""Whether routing's memory stays flat over 1,000,000 referrals. Not in the default run: it takes many minutes and some 10 GB.

The memory is looked at after each tenth. What a cache needs is there by the second one; what leaks goes on growing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice

import uvloop

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.memory import AT_ONCE, applied, for_routing, megabytes
from benchmarks.stack import Stack
from shared.broker import Publisher

PARTS = 10


async def after_each_part(stack: Stack, count: int, bench: Bench) -> list[float]:
    """The MB that routing holds after each tenth of the referrals is applied."""
    service, publisher, messages, sent = stack.services["routing"], Publisher(stack.ground.kafka()), for_routing(count), 0
    found: list[float] = []
    while batch := list(islice(messages, min(AT_ONCE, count // PARTS))):
        await publisher.send(batch)
        sent += len(batch)
        await applied(service, sent)
        if sent * PARTS >= count * (len(found) + 1):
            found.append(await asyncio.to_thread(megabytes, service))
            bench.say(f"{found[-1]:.0f} MB after {sent:,} referrals")
    await publisher.stop()
    return found


def measure(bench: Bench) -> Iterable[Figure]:
    """At most 120 MB, and at most 5 MB more at the end than after the second tenth."""
    count = bench.referrals or bench.choose(1_000_000, 2_000)
    with Stack(bench, ["routing"]) as stack:
        found = uvloop.run(after_each_part(stack, count, bench))
    return [
        Figure(f"routing, after {count // PARTS:,} referrals", found[0], "MB"),
        Figure(f"routing, after {count:,} referrals", found[-1], "MB", at_most(120)),
        Figure("routing, growth from the second tenth to the last", found[-1] - found[1], "MB", at_most(5)),
    ]
