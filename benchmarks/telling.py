"""How long it takes from an event of routing until the mail server has the mail, by notifications alone.

Notifications runs as a process of its own, with Kafka, MongoDB and a mail server. Referrals come evenly, each with two offers;
two seconds later both are accepted. An event's time is when it is published; the mail's is the mail server's own, when it had
the last byte.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import uvloop

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.latency import Mails, mails_settled, milliseconds
from benchmarks.processors import Processors
from benchmarks.stack import Stack
from benchmarks.storms import URGENCIES
from shared.broker import Message, Publisher
from shared.events.codec import encode
from shared.events.routing import ActivityEvent, AssignmentOffered
from shared.topics import ACTIVITY
from tests.activity import Life

RATES, GOAL = (100, 200, 300), 100
"""Offers a second. Each tells one or two people; with the rest of their referrals there are 2.5 times as many events."""
ANSWERED_AFTER = 2.0


@dataclass
class Routing:
    """Publishes what routing would. `offers`: those that were published."""

    publisher: Publisher
    agencies: Sequence[str]
    offers: list[AssignmentOffered] = field(default_factory=list)

    async def run(self, rate: float, seconds: float) -> None:
        """So many offers a second, two for each referral, on a fixed schedule."""
        begun, pairs = time.monotonic(), int(rate * seconds / 2)
        async with asyncio.TaskGroup() as living:
            for number in range(pairs):
                await asyncio.sleep(begun + 2 * number / rate - time.monotonic())
                living.create_task(self._live(number))

    async def _live(self, number: int) -> None:
        life, count = Life(urgency=URGENCIES[number % 3]), len(self.agencies)
        first, second = (self.agencies[(2 * number + place) % count] for place in (0, 1))
        routed, offers = life.routed(), [life.offered(first), life.offered(second)]
        self.offers += offers
        await self._publish([routed, *offers])
        await asyncio.sleep(ANSWERED_AFTER)
        await self._publish([life.accepted(first), life.accepted(second)])

    async def _publish(self, events: Iterable[ActivityEvent]) -> None:
        await self.publisher.send([Message(ACTIVITY, str(event.subject).encode(), encode(event)) for event in events])


async def at(stack: Stack, rate: int, seconds: float) -> list[Figure]:
    """What became of the offers of one rate."""
    routing, used = Routing(Publisher(stack.ground.kafka()), stack.agencies), Processors(stack)
    await routing.run(rate, seconds)
    shares = used.figures() if rate == max(RATES) else []
    await routing.publisher.stop()
    await mails_settled(stack)
    mails = Mails(stack.mail.received())
    ways = [way for offer in routing.offers for way in mails.of(offer, offer.time.timestamp())]
    came = [way.received - way.decided for way in ways if way.received is not None]
    found = [
        Figure("offers", len(routing.offers), "events"),
        Figure("mails", len(came), "mails"),
        *milliseconds("event to mail", came, None, 250),
        Figure("mails missing", len(ways) - len(came), "mails", at_most(0)),
        *shares,
    ]
    return [replace(f, name=f"{rate}/s: {f.name}", goal=f.goal if rate == GOAL else None) for f in found]


async def run(stack: Stack, bench: Bench) -> list[Figure]:
    """A few seconds to warm up, then each rate."""
    await at(stack, GOAL, bench.choose(5, 1))
    found = []
    for rate in RATES:
        bench.say(f"publishing {rate} offers a second")
        found += await at(stack, rate, bench.choose(15, 1))
    return found


def measure(bench: Bench) -> Iterable[Figure]:
    """At 100 offers a second: p99 at most 250 ms."""
    # At this pace every desk is in a storm: each offer is to have a mail of its own, whose time can be taken.
    with Stack(bench, ["notifications"], GROUP_STORMS="false") as stack:
        bench.say("notifications is ready")
        return uvloop.run(run(stack, bench))
