"""What reporting is asked, and how long it takes. No answer is kept: each question is worked out anew every time."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

import httpx

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.load import percentile
from benchmarks.reporting import Reporting
from benchmarks.told import BEGIN, END
from deploy.year.story import year
from shared.broker import Message, Publisher
from shared.clock import now
from shared.events.codec import encode
from shared.settings import KafkaSettings
from shared.topics import INTAKE

ASKED = {
    "report of a year": "/api/v1/report?period=FY2026",
    "report of a quarter, two towns": "/api/v1/report?period=FY2026-Q2&town=hartford&town=windsor",
    "report of a year by event": "/api/v1/report?period=FY2026&counted_by=event",
    "report of some days by event, one town": "/api/v1/report?from=2026-02-03&to=2026-03-12&counted_by=event&town=hartford",
    "report of everything": "/api/v1/report",
    "report to the funder": "/api/v1/reports/funder-quarterly?period=FY2026",
    "trend": "/api/v1/trend?period=FY2026",
    "groups": "/api/v1/equity?period=FY2026",
    "page: overview": "/figures/inside/?period=FY2026",
    "page: services, compared": "/figures/inside/services?period=FY2026-Q2&compare=before",
    "page: how long it took": "/figures/inside/timeliness?period=FY2026",
    "cases behind a figure": "/api/v1/report/cases?period=FY2026&measure=closure&row=not_closed",
}
EXPORTS = {"csv": 5.0, "json": 5.0, "xlsx": 5.0, "pdf": 2.0}
EXTRACT = "/api/v1/extracts/FY2026.csv?purpose=demonstration"


async def answers(bench: Bench, world: Reporting) -> list[Figure]:
    """How long 95 of 100 take, of a client who asks one thing after another."""
    figures = []
    for name, path in ASKED.items():
        before = world.worked
        taken = [await seconds(world.client, path) for _ in range(bench.choose(60, 3))]
        figures.append(Figure(f"{name}, p95", 1000 * percentile(taken, 0.95), "ms", at_most(100)))
        figures.append(Figure(f"{name}, processor time of one", (world.worked - before) / len(taken), "ms"))
    return figures


async def exports(bench: Bench, world: Reporting) -> list[Figure]:
    """A year as a file, the slowest of some."""
    figures = []
    for ending, most in EXPORTS.items():
        taken = [await seconds(world.client, f"/api/v1/report.{ending}?period=FY2026") for _ in range(bench.choose(5, 1))]
        figures.append(Figure(f"a year as {ending}, longest", max(taken), "s", at_most(most)))
    return figures


async def records(world: Reporting) -> list[Figure]:
    """A year's records for a partner."""
    return [Figure("a year's records for a partner", await seconds(world.partner, EXTRACT), "s", at_most(5))]


async def seconds(client: httpx.AsyncClient, path: str) -> float:
    """Until the whole answer is there."""
    started = time.perf_counter()
    (await client.get(path)).raise_for_status()
    return time.perf_counter() - started


async def visible(bench: Bench, world: Reporting, kafka: KafkaSettings) -> list[Figure]:
    """Seconds from an event's time to the moment at which the answers hold it."""
    publisher, found = Publisher(kafka), []
    for story in year(BEGIN, END, bench.choose(60, 3), 2):
        event = story.intake[0].model_copy(update={"time": now()})
        await publisher.send([Message(INTAKE, str(event.subject).encode(), encode(event))])
        while await newest(world.client) < event.time:  # noqa: ASYNC110  # another process has no event to wait for
            await asyncio.sleep(0.02)
        found.append((now() - event.time).total_seconds())
    await publisher.stop()
    return [Figure("event to visible figure, p99", percentile(found, 0.99), "s", at_most(2))]


async def newest(client: httpx.AsyncClient) -> datetime:
    """The newest event in the figures."""
    told = (await client.get("/api/v1/report?to=2000-01-01")).json()["as_of"]["newest_event"]
    return datetime.fromisoformat(told) if told else BEGIN
