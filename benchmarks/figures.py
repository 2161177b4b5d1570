"""How fast reporting makes its figures anew, answers, exports and keeps in step, and how much memory it holds.

By the commands and the service that an operator runs: `rebuild` fills the database from the topics and saves the index, the
service starts from that and is asked over HTTP by one client. To fill the topics takes a while: `--prepare` does that alone and
keeps them for the next run, `--keep` keeps also what was rebuilt. A million cases are not rebuilt, but put into the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pymongo import MongoClient

from benchmarks.asking import answers, exports, records, visible
from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least, at_most
from benchmarks.ground import Ground
from benchmarks.kept import Kept
from benchmarks.rebuilding import Run, rebuild
from benchmarks.reporting import reporting
from benchmarks.stored import store
from benchmarks.told import publish
from deploy.embedded import Issuer


def measure(bench: Bench) -> Iterable[Figure]:
    """10,000 referrals: some ten years of a region."""
    return from_topics(bench, bench.choose(10_000, 120))


def from_topics(bench: Bench, referrals: int, *, often: bool = False) -> Iterable[Figure]:
    """All of it. `often`: also a rebuild that reads the topics nine times over, as it does about a million referrals."""
    with bench.ground() as ground:
        ground.provision([])
        kept = Kept(ground)
        events = kept.get("topics") or kept.note("topics", asyncio.run(publish(bench, ground.kafka(), referrals)))
        bench.say(f"{events:,} events of {referrals:,} referrals are in the topics")
        if bench.prepare:
            return []
        figures = [*_rebuilt(bench, ground, kept, events, referrals if often else 0), *_served(bench, ground, every=True)]
    return _named(referrals, figures)


def from_store(bench: Bench, referrals: int) -> Iterable[Figure]:
    """What is asked of the service; the cases are put into the database beforehand."""
    with bench.ground() as ground:
        ground.provision([])
        kept = Kept(ground)
        if not kept.get("cases"):
            asyncio.run(store(bench, ground.database.url, referrals))
            kept.note("cases", referrals)
        figures = [] if bench.prepare else _served(bench, ground, every=False)
    return _named(referrals, figures)


def _named(referrals: int, figures: Iterable[Figure]) -> Iterable[Figure]:
    return [Figure(f"{referrals:,} referrals: {one.name}", one.value, one.unit, one.goal) for one in figures]


def _rebuilt(bench: Bench, ground: Ground, kept: Kept, events: int, often: int) -> list[Figure]:
    """Once as it is; before that, where `often` says how many referrals there are, with the topics read nine times over."""
    ways: dict[str, dict[str, str]] = {"rebuild": {}}
    if often:
        ways = {"rebuild, the topics read nine times over": {"REBUILD_CASES": str(often // 50)}} | ways
    figures = []
    for name, more in ways.items():
        run = Run(**(kept.get(name) or kept.note(name, asdict(rebuild(ground, **more)))))
        bench.say(f"{name}: {run.seconds:.1f} s, {events / run.seconds:,.0f} events/s")
        figures += [
            Figure(name, events / run.seconds, "events/s", at_least(10_000)),
            Figure(f"{name}, by processor time", events / run.cpu, "events/s"),
            Figure(f"{name}, most memory", run.memory, "MB"),
        ]
    return [Figure("events", events, "events"), *figures]


def _served(bench: Bench, ground: Ground, *, every: bool) -> list[Figure]:
    """`every`: also what has to read every case."""
    issuer = Issuer(bench.folder / "key", bench.folder / "issuer.log").start()
    try:
        figures = asyncio.run(_asked(bench, ground, issuer, every=every))
        return [*figures, *(asyncio.run(_every_case_read(bench, ground, issuer)) if every else [])]
    finally:
        issuer.stop()


async def _asked(bench: Bench, ground: Ground, issuer: Issuer, *, every: bool) -> list[Figure]:
    async with reporting(bench, ground, issuer) as world:
        bench.say(f"the service is ready after {world.seconds_to_ready:.1f} s")
        figures = [
            Figure("start from the saved index", world.seconds_to_ready, "s"),
            Figure("start from the saved index, processor time", world.worked / 1000, "s"),
            Figure("memory after that", world.megabytes, "MB", at_most(200)),
        ]
        figures += [*await answers(bench, world), *await exports(bench, world)]
        figures += await visible(bench, world, ground.kafka())
        figures += await records(world) if every else []
        return [*figures, Figure("memory at the end", world.megabytes, "MB", at_most(200))]


async def _every_case_read(bench: Bench, ground: Ground, issuer: Issuer) -> list[Figure]:
    MongoClient[dict[str, Any]](ground.database.url)["reporting"]["saved_index"].drop()
    async with reporting(bench, ground, issuer) as world:
        return [
            Figure("start without a saved index", world.seconds_to_ready, "s"),
            Figure("start without a saved index, processor time", world.worked / 1000, "s"),
            Figure("memory after that start", world.megabytes, "MB", at_most(200)),
        ]
