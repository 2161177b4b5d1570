"""A storm: 10,000 offers in a minute. How few messages they become, how late anybody is told, and whether memory stays flat.

Notifications runs as a process of its own, with Kafka, MongoDB and a mail server. The offers come evenly, in three urgencies,
for every agency in turn. The ledger says when each notice was told, and in which message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import uvloop

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least, at_most
from benchmarks.load import percentile
from benchmarks.memory import megabytes
from benchmarks.notices import offers
from benchmarks.stack import CONFIG, Stack
from services.notifications.plan.policy import load_policy
from shared import mongo
from shared.broker import Message, Publisher
from shared.clock import now
from shared.events.codec import encode
from shared.topics import ACTIVITY
from shared.vocabulary import Urgency

PATIENCE = 300
URGENCIES = (Urgency.critical, Urgency.high, Urgency.routine)
AT_ONCE = {"kind": {"$exists": True}, "step": 0}
"""The notices of the offers themselves."""


def storm(count: int) -> list[Message]:
    """Offers of that many referrals. None of them has to be answered before the others are told."""
    found = []
    for number, offer in enumerate(offers(count)):
        data = offer.data.model_copy(update={"urgency": URGENCIES[number % 3], "answer_by": now() + timedelta(days=1)})
        event = offer.model_copy(update={"data": data, "sequence": 1, "time": now()})
        found.append(Message(ACTIVITY, str(event.subject).encode(), encode(event)))
    return found


async def blow(stack: Stack, notices: Any, count: int, seconds: float) -> list[dict[str, Any]]:
    """Publishes the storm evenly; returns its notices once all have been told."""
    publisher, before = Publisher(stack.ground.kafka()), now()
    messages, each = storm(count), max(1, count // 600)
    begun, sent = time.monotonic(), 0
    while sent < count:
        await publisher.send(messages[sent : sent + each])
        sent += each
        await asyncio.sleep(max(0.0, begun + seconds * sent / count - time.monotonic()))
    await publisher.stop()
    these = {**AT_ONCE, "since": {"$gte": before}}
    desks = {**these, "role": "duty"}  # of every offer one duty desk is told
    for _ in range(PATIENCE):
        waiting = await notices.count_documents({**these, "settled": {"$exists": False}})
        if not waiting and await notices.count_documents(desks) == count:
            return list(await notices.find(these).to_list(None))
        await asyncio.sleep(1)
    raise TimeoutError("not everybody was told")


def figures(told: Sequence[dict[str, Any]]) -> Iterable[Figure]:
    """How many messages the notices became, and how long after it was allowed to wait anybody was told."""
    messages = {notice.get("bundle") or notice["_id"] for notice in told}
    desks = {(notice["agency"], notice["role"], notice["seat"]) for notice in told}
    storms = load_policy(CONFIG).storms
    assert storms
    waits = {urgency.value: wait.total_seconds() for urgency, wait in storms.wait.items()}
    late = [max(0.0, (one["settled"] - one["since"]).total_seconds() - waits[one["urgency"]]) for one in told]
    return [
        Figure("storm: notices", len(told), "notices"),
        Figure("storm: messages that told of them", len(messages), "messages"),
        Figure("storm: notices in a message", len(told) / len(messages), "notices", at_least(10)),
        Figure("storm: messages to one desk", len(messages) / len(desks), "messages"),
        Figure("storm: told later than it may wait, p99", 1000 * percentile(late, 0.99), "ms", at_most(2000)),
        Figure("storm: not sent", sum(one["status"] != "sent" for one in told), "notices", at_most(0)),
    ]


async def run(stack: Stack, bench: Bench) -> list[Figure]:
    """A first storm warms up; what the second adds to memory is growth."""
    client = mongo.connect(stack.ground.database.url)
    notices = mongo.database(client, "notifications")["notices"]
    count, seconds = bench.choose((10_000, 60.0), (200, 2.0))
    service = stack.services["notifications"]
    held = [megabytes(service)]
    told: list[dict[str, Any]] = []
    for which in ("first", "second"):
        bench.say(f"the {which} storm begins: {count:,} offers in {seconds:.0f} s")
        told = await blow(stack, notices, count, seconds)
        held.append(megabytes(service))
    client.close()
    return [
        *figures(told),
        Figure("storm: memory before", held[0], "MB"),
        Figure("storm: memory after", held[2], "MB", at_most(120)),
        Figure("storm: memory after the second less that after the first", held[2] - held[1], "MB", at_most(5)),
    ]


def measure(bench: Bench) -> Iterable[Figure]:
    """10,000 events in a minute: at least 10 notices a message, told at most 2 s later than they may wait, memory flat."""
    with Stack(bench, ["notifications"]) as stack:
        bench.say("notifications is ready")
        return uvloop.run(run(stack, bench))
