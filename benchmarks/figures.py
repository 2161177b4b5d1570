"""How fast reporting answers, exports and keeps in step, and how much memory it holds, at some number of referrals.

All referrals are received within about a year, so that a year is everything. The cases are some thousand made-up lives,
repeated under other ids and moved by up to two weeks: what one of them costs is the same. The service is a process of its own,
asked over HTTP by one client. No answer is kept: each question is worked out anew every time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, cycle, islice
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import psutil
from pyroaring import BitMap

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.ground import Ground
from benchmarks.stack import CONFIG
from deploy.embedded import Issuer, Service, Surroundings
from deploy.year.story import year
from services.reporting.cases.projections import Case, fold
from services.reporting.index.index import Index
from services.reporting.index.memberships import memberships
from services.reporting.index.saved_index import Mark, SavedIndex, meaning
from services.reporting.store import LIVE, Cases
from shared import mongo
from shared.broker import Message, Publisher
from shared.clock import now
from shared.events.codec import encode
from shared.principal import Role
from shared.topics import INTAKE

BEGIN, END = datetime(2025, 10, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
Look = Callable[[Ground, Issuer], Coroutine[Any, Any, list[Figure]]]
LIVES = 3000
ZONE = ZoneInfo("America/New_York")
TWO_WEEKS = 14 * 24 * 3600
ASKED = {
    "report of a year": "/api/v1/report?period=FY2026",
    "report of a quarter, two towns": "/api/v1/report?period=FY2026-Q2&town=hartford&town=windsor",
    "report of a year by event": "/api/v1/report?period=FY2026&counted_by=event",
    "report of some days by event, one town": "/api/v1/report?from=2026-02-03&to=2026-03-12&counted_by=event&town=hartford",
    "report of everything": "/api/v1/report",
    "trend": "/api/v1/trend?period=FY2026",
    "groups": "/api/v1/equity?period=FY2026",
    "page: overview": "/figures/inside/?period=FY2026",
    "page: services, compared": "/figures/inside/services?period=FY2026-Q2&compare=before",
}
EXPORTS = {"csv": 5.0, "xlsx": 5.0, "pdf": 2.0}


@dataclass
class Reporting:
    """The service with its cases, and a client that has signed in."""

    service: Service
    client: httpx.AsyncClient
    publisher: Publisher
    seconds_to_ready: float

    @property
    def megabytes(self) -> float:
        """What it holds now."""
        return float(self._process.memory_info().rss) / 2**20

    @property
    def worked(self) -> float:
        """Milliseconds of processor time so far: what a busy machine does not change."""
        return 1000 * float(sum(self._process.cpu_times()[:2]))

    @property
    def _process(self) -> psutil.Process:
        return psutil.Process(self.service.child.pid)


def lives(count: int, events: int | None = None) -> list[Case]:
    """At most so many different ones; as many of the short ones as have so many events each, on average."""
    told = [[*story.intake, *story.activity, *story.delivered] for story in year(BEGIN, END, count, 1)]
    if events:
        told.sort(key=len)
        sums = accumulate(map(len, told))
        told = [one for number, (one, so_far) in enumerate(zip(told, sums, strict=True), 1) if so_far <= events * number]
    found = []
    for one in told:
        case: Case = {}
        for event in one:
            case = fold(case, event) or case
        found.append(case)
    return found


def cases(count: int) -> Iterator[dict[str, Any]]:
    """So many, each with an id of its own."""
    told, rng = lives(min(count, LIVES)), Random(2)
    return ({"_id": str(uuid4()), **moved(case, moment(rng))} for case in islice(cycle(told), count))


def moment(rng: Random) -> timedelta:
    """By how much a life is moved."""
    return timedelta(seconds=rng.randint(-TWO_WEEKS, TWO_WEEKS))


def moved(told: Any, by: timedelta) -> Any:
    """The same, at another time."""
    if isinstance(told, datetime):
        return told + by
    if isinstance(told, dict):
        return {name: moved(value, by) for name, value in told.items()}
    return [moved(value, by) for value in told] if isinstance(told, list) else told


async def fill(ground: Ground, count: int) -> None:
    """Puts the cases into reporting's database."""
    client = mongo.connect(ground.database.url)
    store, every = Cases(mongo.database(client, "reporting")[LIVE]), cases(count)
    await store.ensure_indexes()
    while some := list(islice(every, 5000)):
        await store.insert(some, now())
    client.close()


async def save(ground: Ground, count: int, events: int | None) -> None:
    """Puts the index of so many into reporting's database, without the cases: the lives' numbers, over and over again."""
    told, one, index = lives(LIVES, events), Index(), Index()
    one.put({number: memberships(case, ZONE) for number, case in enumerate(told)})
    for place, members in one.every():
        index.add(place, BitMap().union(*(members.shift(start) for start in range(0, count, len(told)))))
    index.pack()
    client = mongo.connect(ground.database.url)
    database = mongo.database(client, "reporting")
    await database["numbers"].insert_one({"_id": "next", "next": len(index.everyone)})
    await SavedIndex(database).save(index, Mark(meaning(ZONE), None), now())
    client.close()


@asynccontextmanager
async def reporting(bench: Bench, ground: Ground, issuer: Issuer) -> AsyncIterator[Reporting]:
    """The service, from its start on."""
    nowhere = bench.folder / "none"
    around = Surroundings(
        ground.broker.access, ground.database.url, "127.0.0.1:9", CONFIG, nowhere, nowhere, extra=issuer.environment()
    )
    service, started = Service("reporting", around, bench.folder / "reporting.log"), time.monotonic()
    service.spawn()
    await asyncio.to_thread(service.wait_ready, timeout=1200)
    ready, publisher = time.monotonic() - started, Publisher(ground.kafka())
    headers = {"Authorization": f"Bearer {issuer.token(Role.analyst)}"}
    async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=120) as client:
        yield Reporting(service, client, publisher, ready)
    await publisher.stop()
    await asyncio.to_thread(service.stop)


async def seconds(client: httpx.AsyncClient, path: str) -> float:
    """For one answer."""
    started = time.perf_counter()
    (await client.get(path)).raise_for_status()
    return time.perf_counter() - started


async def visible_after(world: Reporting, times: int) -> list[float]:
    """Seconds from an event's time to the moment at which the answers hold it."""
    found = []
    told = list(year(BEGIN, END, times, 2))
    for story in told:
        event = story.intake[0].model_copy(update={"time": now()})
        await world.publisher.send([Message(INTAKE, str(event.subject).encode(), encode(event))])
        while await newest(world.client) < event.time:  # noqa: ASYNC110  # another process has no event to wait for
            await asyncio.sleep(0.02)
        found.append((now() - event.time).total_seconds())
    return found


async def newest(client: httpx.AsyncClient) -> datetime:
    """The newest event in the figures."""
    told = (await client.get("/api/v1/report?to=2000-01-01")).json()["as_of"]["newest_event"]
    return datetime.fromisoformat(told) if told else BEGIN


def share(values: list[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return sorted(values)[(len(values) * percent + 99) // 100 - 1]


async def first_start(bench: Bench, ground: Ground, issuer: Issuer, count: int) -> list[Figure]:
    """Where nothing is saved yet and all cases have to be read."""
    await fill(ground, count)
    bench.say(f"{count:,} cases are in the database")
    async with reporting(bench, ground, issuer) as world:
        taken, held = world.seconds_to_ready, world.megabytes
        return [
            Figure("first start, all cases are read", taken, "s"),
            Figure("first start, processor time", world.worked / 1000, "s"),
            Figure("memory after the first start", held, "MB"),
        ]


async def look(bench: Bench, ground: Ground, issuer: Issuer) -> list[Figure]:
    """Everything else, with an index that was saved."""
    figures = []
    async with reporting(bench, ground, issuer) as world:
        figures.append(Figure("start from the saved index", world.seconds_to_ready, "s"))
        figures.append(Figure("start from the saved index, processor time", world.worked / 1000, "s"))
        figures.append(Figure("memory after that", world.megabytes, "MB", at_most(200)))
        for name, path in ASKED.items():
            before = world.worked
            taken = [1000 * await seconds(world.client, path) for _ in range(bench.choose(40, 3))]
            figures.append(Figure(f"{name}, p95", share(taken, 95), "ms", at_most(100)))
            figures.append(Figure(f"{name}, processor time of one", (world.worked - before) / len(taken), "ms"))
        for ending, most in EXPORTS.items():
            taken = [await seconds(world.client, f"/api/v1/report.{ending}?period=FY2026") for _ in range(bench.choose(3, 1))]
            figures.append(Figure(f"a year as {ending}, longest", max(taken), "s", at_most(most)))
        visible = await visible_after(world, bench.choose(100, 3))
        figures.append(Figure("event to visible figure, p99", share(visible, 99), "s", at_most(2)))
        figures.append(Figure("memory at the end", world.megabytes, "MB", at_most(200)))
    return figures


async def with_cases(bench: Bench, ground: Ground, issuer: Issuer, count: int) -> list[Figure]:
    """All figures of one size, from the first start on."""
    return [*await first_start(bench, ground, issuer, count), *await look(bench, ground, issuer)]


async def with_index(bench: Bench, ground: Ground, issuer: Issuer, count: int, events: int | None) -> list[Figure]:
    """All figures but the first start, of referrals with so many events each."""
    await save(ground, count, events)
    bench.say(f"the index of {count:,} cases is in the database")
    return await look(bench, ground, issuer)


def measured(
    bench: Bench, title: str, look_at: Callable[[Ground, Issuer], Coroutine[Any, Any, list[Figure]]]
) -> Iterable[Figure]:
    """On a broker and a database of its own."""
    issuer = Issuer(bench.folder / "key", bench.folder / "issuer.log")
    with bench.ground() as ground:
        ground.provision([])
        issuer.start()
        try:
            figures = asyncio.run(look_at(ground, issuer))
        finally:
            issuer.stop()
    return [Figure(f"{title}: {one.name}", one.value, one.unit, one.goal) for one in figures]


def indexed(bench: Bench, title: str, count: int, events: int | None) -> Iterable[Figure]:
    """Of so many events each, or as many as there are in a synthetic year; without the cases themselves."""
    return measured(bench, title, lambda ground, issuer: with_index(bench, ground, issuer, count, events))


def at(bench: Bench, count: int) -> Iterable[Figure]:
    """At one size."""
    return measured(bench, f"{count:,} referrals", lambda ground, issuer: with_cases(bench, ground, issuer, count))


def measure(bench: Bench) -> Iterable[Figure]:
    """10,000 referrals: some ten years of a region."""
    return at(bench, bench.choose(10_000, 100))
