"""How long the desk waits for a page of a queue, with a million referrals stored.

The referrals are written straight into the database, as documents of the routing service: 2 in 100 have not ended, as on a
desk that keeps up. Asked is the desk's own API, in this process and one question at a time: every queue, as the coordinator and
as agencies' staff, with and without filters, first pages and later ones. Signing in is left out.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import uvloop
from fastapi import FastAPI, Request
from pymongo.write_concern import WriteConcern

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.load import percentile
from benchmarks.stack import CONFIG
from services.routing.api import DeskApi
from services.routing.commands.authorization import Actor
from services.routing.commands.conduct import Order, conduct
from services.routing.commands.forms import Accept, Close
from services.routing.desk.desk import Desk
from services.routing.desk.rules_in_force import RulesInForce
from services.routing.keeping.document import to_document
from services.routing.keeping.journal import Journal
from services.routing.keeping.queues import Age, Queue
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided
from services.routing.rules.book import RuleBook
from services.routing.store import Referrals
from services.routing.turns.expiry import run_out
from services.routing.turns.intake import take
from shared import mongo
from shared.broker import Publisher
from shared.clock import now
from shared.outbox import Relay
from shared.principal import Principal, Role
from shared.settings import KafkaSettings
from shared.testing import builders
from shared.vocabulary import ClosureReason, Town, TraffickingType

OPEN_IN = 50
"""One referral in so many has not ended."""
START = datetime(2025, 1, 1, tzinfo=UTC)
SEATS = (
    Principal("coordinator", frozenset({Role.coordinator})),
    Principal("advocate", frozenset({Role.staff}), "cca"),
    Principal("officer", frozenset({Role.staff}), "hartford-pd"),
)


def measure(bench: Bench) -> Iterable[Figure]:
    """The time of a page at p50, p95 and p99."""
    ground = bench.ground()
    ground.database.start()
    try:
        times = uvloop.run(_run(bench, ground.database.url))
    finally:
        ground.stop()
    yield Figure("page of a queue, p50", percentile(times, 0.50) * 1000, "ms")
    yield Figure("page of a queue, p95", percentile(times, 0.95) * 1000, "ms", at_most(20))
    yield Figure("page of a queue, p99", percentile(times, 0.99) * 1000, "ms")


async def _run(bench: Bench, url: str) -> list[float]:
    client = mongo.connect(url)
    referrals = Referrals(mongo.database(client, "routing"))
    rules = RulesInForce(CONFIG)
    book = rules.book
    count = bench.referrals or bench.choose(1_000_000, 20_000)
    await _seed(referrals, book, count, bench)
    await referrals.ensure_indexes()
    relay = Relay("referrals", referrals.collection, Publisher(KafkaSettings()), now)
    desk = Desk(referrals, relay, Journal("", frozenset(book.agencies.ids)), rules, now)
    bench.say(f"{count:,} referrals stored; asking")
    times = []
    for seat in SEATS:
        times += await _ask(desk, seat, bench.choose(1000, 60))
    client.close()
    return times


async def _seed(referrals: Referrals, book: RuleBook, count: int, bench: Bench) -> None:
    rng = random.Random(1)
    stored, open_ones = _templates(book, rng)
    kinds = itertools.cycle([True, *[False] * (OPEN_IN - 1)])
    writing = referrals.collection.with_options(write_concern=WriteConcern(w=1))
    for first in range(0, count, 5000):
        batch = [
            _document(rng.choice(open_ones if next(kinds) else stored), number, count) for number in range(first, first + 5000)
        ]
        await writing.insert_many(batch, ordered=False)
        if first % 100_000 == 0:
            bench.say(f"{first:,} of {count:,} referrals written")


def _document(referral: Referral, number: int, count: int) -> dict[str, Any]:
    received = START + timedelta(days=365) * (number / count)
    document = to_document(referral._replace(id=UUID(int=random.Random(number).getrandbits(128)), received=received, version=1))
    return document | {"outbox": [], "history": []}


def _templates(book: RuleBook, rng: random.Random) -> tuple[list[Referral], list[Referral]]:
    """Ended referrals and open ones: new, taken by some, overdue."""
    ended, open_ones = [], []
    for _ in range(400):
        new = _received(book, rng)
        taken = _order(new, Actor(next(iter(new.assignments)), Role.staff, "x"), Accept(), book)
        late = run_out(taken, book, START + timedelta(days=4))
        open_ones += [new, taken, *([late.referral] if late else [])]
        ended.append(_order(taken, Actor("coordinator", Role.coordinator, "x"), Close(reason=ClosureReason.moved), book))
    return ended, open_ones


def _received(book: RuleBook, rng: random.Random) -> Referral:
    facts: dict[str, Any] = {
        "minor": rng.choice(["yes", "no", "no", "unknown"]),
        "trafficking_type": rng.choice(TraffickingType.terms()),
        "town_of_exploitation": rng.choice(Town.terms()),
        "immediate_danger": rng.random() < 0.1,
    }
    decided = take(None, builders.received(**facts), book, START)
    assert decided is not None
    return decided.referral


def _order(referral: Referral, actor: Actor, command: Any, book: RuleBook) -> Referral:
    decided = conduct(referral, Order(actor, command, UUID(int=1)), book, START)
    return decided.referral if isinstance(decided, Decided) else referral


async def _ask(desk: Desk, seat: Principal, count: int) -> list[float]:
    async def signed_in(_: Request) -> Principal:
        return seat

    http = FastAPI()
    http.include_router(DeskApi(desk, signed_in).router())
    times: list[float] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=http), base_url="http://desk") as client:
        for query in itertools.islice(_questions(random.Random(2)), count):
            begun = time.perf_counter()
            answer = await client.get("/api/v1/referrals", params=query)
            times.append(time.perf_counter() - begun)
            if following := answer.raise_for_status().json()["next"]:
                begun = time.perf_counter()
                (await client.get("/api/v1/referrals", params=query | {"cursor": following})).raise_for_status()
                times.append(time.perf_counter() - begun)
            await asyncio.sleep(0)
    return times


def _questions(rng: random.Random) -> Iterator[dict[str, str]]:
    filters = {
        "town": Town.terms(),
        "type": TraffickingType.terms(),
        "age": [age.value for age in Age],
        "agency": ["cca", "hartford-pd", "dcf"],
    }
    for queue in itertools.cycle(Queue):
        chosen = rng.sample(sorted(filters), rng.choice([0, 0, 1, 2, 3]))
        yield {"queue": queue.value} | {name: rng.choice(filters[name]) for name in chosen}
