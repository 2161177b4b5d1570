"""How late clocks fire: of many referrals with open clocks some are due in the same second, and two instances watch.

A clock has fired when its event is in the topic: the time there is compared with the time that it was due.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import uvloop
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.load import percentile
from benchmarks.referrals import plain
from benchmarks.stack import CONFIG, Stack
from services.routing.keeping.change import Document
from services.routing.keeping.document import to_document
from services.routing.rules.book import RuleBook, load_rule_book
from services.routing.turns.intake import take
from shared import mongo
from shared.broker import connection
from shared.clock import now
from shared.topics import ACTIVITY
from shared.vocabulary import ClockKind, Urgency

AT_ONCE = 2000


def waiting(book: RuleBook, numbers: Iterable[int], since: datetime) -> Iterator[Document]:
    """Referrals that came in at `since` and that nobody has answered, as the database keeps them."""
    for number in numbers:
        decided = take(None, plain(number), book, since)
        assert decided is not None
        yield to_document(decided.referral) | {"version": 1, "outbox": []}


async def seed(stack: Stack, book: RuleBook, count: int, due: datetime, soon: int) -> None:
    """`soon` referrals whose first clock runs out at `due`, and as many as are missing to `count` that wait for long."""
    client = mongo.connect(stack.ground.database.url)
    collection = mongo.database(client, "routing")["referrals"]
    first = book.times.of(ClockKind.unassigned, Urgency.routine)
    documents = (*waiting(book, range(soon), due - first),)
    rest = waiting(book, range(soon, count), due + timedelta(hours=1))
    await collection.insert_many(documents)
    while some := list(islice(rest, AT_ONCE)):
        await collection.insert_many(some, ordered=False)
    client.close()


async def missed(stack: Stack, wanted: int, patience: float) -> list[ConsumerRecord]:
    """Every event of a clock that ran out, once there are `wanted`; TimeoutError after `patience` seconds."""
    consumer = AIOKafkaConsumer(ACTIVITY, **connection(stack.ground.kafka()), auto_offset_reset="earliest")
    found: list[ConsumerRecord] = []
    await consumer.start()
    try:
        async with asyncio.timeout(patience):
            while len(found) < wanted:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [record for record in records if _is_missed(record)]
    finally:
        await consumer.stop()
    return found


def _is_missed(record: ConsumerRecord) -> bool:
    return bool(json.loads(record.value)["type"] == "org.rhtrt.clock.missed.v1")


async def run(stack: Stack, bench: Bench) -> list[Figure]:
    """Seeds, waits for the moment, and says how late it was for each."""
    count, soon = bench.choose((100_000, 1_000), (2_000, 100))
    book, due = load_rule_book(CONFIG), now() + timedelta(seconds=bench.choose(60, 6))
    await seed(stack, book, count, due, soon)
    left = (due - datetime.now(UTC)).total_seconds()
    bench.say(f"{count:,} referrals wait; {soon:,} are due in {left:.0f} s")
    assert left > 0, "seeding took longer than the time there was: the machine is too slow for this measurement"
    fired = await missed(stack, soon, left + 60)
    again = Counter(referral for referral, _ in {(one.key, json.loads(one.value)["id"]) for one in fired})
    late = [one.timestamp / 1000 - due.timestamp() for one in fired]
    return [
        Figure("clocks due in the same second", soon, "clocks"),
        Figure("referrals with open clocks", count, "referrals"),
        Figure("lateness, p50", 1000 * percentile(late, 0.5), "ms"),
        Figure("lateness, p99", 1000 * percentile(late, 0.99), "ms", at_most(2000)),
        Figure("lateness, worst", 1000 * max(late), "ms"),
        Figure("fired more than once", sum(times > 1 for times in again.values()), "clocks", at_most(0)),
    ]


def measure(bench: Bench) -> Iterable[Figure]:
    """At most 2 s late at p99, with 100,000 open clocks and 1,000 of them due in the same second."""
    with Stack(bench, ["routing"], instances=2) as stack:
        bench.say("two instances are ready")
        return uvloop.run(run(stack, bench))
