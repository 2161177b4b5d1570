"""Telling people: what one decision costs, how fast a backlog drains to a mail server that is back, how late steps are taken.

Notifications runs as a process of its own, with Kafka, MongoDB and a mail server. The mail server's own journal says when it
had a mail; a step's notice says when it was made.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import uvloop

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least, at_most
from benchmarks.load import percentile
from benchmarks.stack import CONFIG, Stack
from services.notifications.keeping.stores import Stores
from services.notifications.notices.notice import Notice
from services.notifications.plan.escalation import Escalation, opened
from services.notifications.plan.matter import Matter
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.rules import Rules, load_rules
from services.notifications.plan.storm import Tally
from shared import mongo
from shared.clock import now
from shared.events.routing import ActivityEvent, AssignmentOffered
from shared.topics import DELIVERED
from shared.vocabulary import Urgency

AT_ONCE = 5000
PATIENCE = 120
EXAMPLE = Path("docs/contracts/examples/org.rhtrt.assignment.offered.v1.json").absolute()


def offers(count: int) -> list[ActivityEvent]:
    """Offers of that many referrals to every agency in turn."""
    known = load_rules(CONFIG).directory.contacts.contacts
    agencies = [*known]
    offer = AssignmentOffered.model_validate_json(EXAMPLE.read_text())
    return [
        offer.model_copy(
            update={
                "id": uuid4(),
                "subject": uuid4(),
                "data": offer.data.model_copy(update={"agency": agencies[number % len(agencies)]}),
            }
        )
        for number in range(count)
    ]


def deciding(rules: Rules, count: int, rounds: int) -> Figure:
    """What it costs to decide who is told of a critical offer, by itself or with others, and what happens while nobody
    answers it."""
    occasions = [Occasion(offer, Urgency.critical, now()) for offer in offers(count)]
    taken, tally = [], Tally(rules)
    for _ in range(rounds):
        begun = time.perf_counter()
        for occasion in occasions:
            for notice in decide(occasion, rules):
                tally.place(notice, occasion.now)
            opened(occasion, rules)
        taken.append(1e6 * (time.perf_counter() - begun) / count)
    return Figure("deciding who is told of a critical offer", median(taken), "µs", at_most(100))


async def draining(stack: Stack, stores: Stores, rules: Rules, count: int) -> Iterable[Figure]:
    """A backlog that grew while the mail server was away, from the first mail it takes to the last."""
    stack.mail.stop()
    backlog = [notice for offer in offers(count) for notice in decide(Occasion(offer, Urgency.high, now()), rules)]
    await stores.notices.add(backlog)
    stack.mail.start()
    came = await _received(stack, backlog)
    rate = (len(came) - 1) / (max(came) - min(came))
    return [
        Figure("backlog that drains", len(backlog), "mails"),
        Figure("draining it to a mail server that is back", rate, "mails/s", at_least(200)),
    ]


async def _received(stack: Stack, notices: Iterable[Notice]) -> list[float]:
    """When the mail server had each of them, in seconds. TimeoutError after PATIENCE."""
    wanted = {str(notice.id) for notice in notices}
    async with asyncio.timeout(PATIENCE):
        while True:
            journal = {mail["message_id"].strip("<>").partition("@")[0]: mail["received_at"] for mail in stack.mail.received()}
            if wanted <= journal.keys():
                return [journal[id_] / 1000 for id_ in wanted]
            await asyncio.sleep(0.2)


def waiting(count: int, due: datetime) -> Iterator[Escalation]:
    """Offers that nobody has answered, whose next step is due then."""
    for _ in range(count):
        matter = Matter(uuid4(), uuid4(), uuid4(), 2, now(), "assignment.offered", Urgency.critical, "dcf")
        yield Escalation(matter, due)


async def escalating(stores: Stores, bench: Bench) -> Iterable[Figure]:
    """Of many open escalations some are due in the same second; how late their notices are made."""
    count, soon, ahead = bench.choose((100_000, 1_000, 60), (1_000, 50, 4))
    due = now() + timedelta(seconds=ahead)
    first = [*waiting(soon, due)]
    await stores.escalations.open(first)
    rest = waiting(count - soon, due + timedelta(hours=1))
    while some := [*islice(rest, AT_ONCE)]:
        await stores.escalations.open(some)
    left = (due - datetime.now(UTC)).total_seconds()
    bench.say(f"{count:,} escalations are open; {soon:,} are due in {left:.0f} s")
    assert left > 0, "seeding took longer than the time there was: the machine is too slow for this measurement"
    late = [(made - due).total_seconds() for made in await _made(stores, {one.matter.about for one in first}, left + PATIENCE)]
    return [
        Figure("open escalations", count, "escalations"),
        Figure("steps due in the same second", soon, "steps"),
        Figure("lateness of a step, p50", 1000 * percentile(late, 0.5), "ms"),
        Figure("lateness of a step, p99", 1000 * percentile(late, 0.99), "ms", at_most(2000)),
    ]


async def _made(stores: Stores, about: set[UUID], patience: float) -> list[datetime]:
    """When the notices of the first step were made, once each of these matters has its own."""
    async with asyncio.timeout(patience):
        while True:
            found = await stores.notices.notices.find({"step": 1}, {"about": 1, "since": 1}).to_list(None)
            if about <= {one["about"] for one in found}:
                return [one["since"] for one in found]
            await asyncio.sleep(0.5)


async def run(stack: Stack, bench: Bench, rules: Rules) -> list[Figure]:
    """Both, one after the other, on the service's own database."""
    client = mongo.connect(stack.ground.database.url)
    database = mongo.database(client, "notifications")
    stores = Stores.on(database, "benchmark", DELIVERED, now)
    bench.say("the mail server is away")
    drained = await draining(stack, stores, rules, bench.choose(5_000, 100))
    stepped = await escalating(stores, bench)
    client.close()
    return [*drained, *stepped]


def measure(bench: Bench) -> Iterable[Figure]:
    """A decision: at most 100 µs; draining: at least 200 mails/s; 100,000 open escalations: p99 at most 2 s late."""
    rules = load_rules(CONFIG)
    yield deciding(rules, *bench.choose((5_000, 9), (200, 3)))
    with Stack(bench, ["notifications"]) as stack:
        bench.say("notifications is ready")
        yield from uvloop.run(run(stack, bench, rules))
