"""How fast routing works off referrals that wait, against a bare durable loop that decides nothing.

Routing itself, with all its loops, in this process: it reads, validates, decides, writes every referral with its outbox
(journaled by a majority), publishes what was decided, clears and commits. The referrals are adults reported by somebody else:
two agencies are offered each, and with clocks and the decision itself that makes more events than the two of the bare loop.
A second bare loop therefore publishes as many as routing does; a third one also keeps the document that routing keeps, in the
same indexes: what is between that one and routing is what our own code costs. A fourth does not even validate what it reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import uvloop
from pymongo import IndexModel

from benchmarks import bare_routing_stage as bare
from benchmarks import many_rules
from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least
from benchmarks.ground import Ground
from benchmarks.pace import Lap, Pace
from benchmarks.referrals import plain
from benchmarks.rounds import Contender, race
from services.routing.app import build_app
from services.routing.handlers import INTAKE_READER
from services.routing.settings import RoutingSettings
from shared.agencies import load_agencies
from shared.broker import Message, Publisher
from shared.events.codec import encode
from shared.topics import ACTIVITY, INTAKE, all_topics, inbox

OPTIONS = ("sparse", "unique", "partialFilterExpression")
OFFERS = [(inbox("cca"),), (inbox("hartford-pd"),)]


class Stage:
    """The topic that all contenders read, filled anew before each round."""

    def __init__(self, ground: Ground, count: int, config_dir: Path) -> None:
        self.ground = ground
        self.count = count
        self.settings = RoutingSettings(
            instance="1", kafka=ground.kafka(), mongo=ground.mongo("routing"), config_dir=config_dir
        )
        self.ground.topics(all_topics(load_agencies(self.settings.config_dir).on_the_bus))
        self._filled = -1

    async def fill(self, number: int) -> None:
        """Puts the referrals of a round in place, once."""
        if number == self._filled:
            return
        self._filled, publisher = number, Publisher(self.settings.kafka)
        events = [plain(number * self.count + n) for n in range(self.count)]
        await publisher.send([Message(INTAKE, str(event.subject).encode(), encode(event)) for event in events])
        await publisher.stop()

    async def ours(self, number: int) -> Lap:
        """Routing, started and ended."""
        await self.fill(number)
        service = build_app(self.settings)
        pace, done = Pace(), asyncio.Event()
        reader = next(reader for reader in service.readers if reader.name == INTAKE_READER)
        handle = reader.handle

        async def counted(records: Sequence[Any]) -> None:
            await handle(records)
            pace.tick(len(records))  # at the end, as several are under way: what is begun does not count
            if pace.events >= self.count:
                done.set()

        reader.handle = counted  # type: ignore[method-assign]
        async with service.http.router.lifespan_context(service.http):
            await asyncio.wait_for(done.wait(), 180)
        return pace.lap()

    async def bare(self, manner: bare.Manner, number: int) -> Lap:
        """A bare loop."""
        await self.fill(number)
        return await bare.run(self.ground.kafka(), self.ground.database.url, INTAKE, manner, self.count)

    async def kept(self) -> tuple[dict[str, Any], list[IndexModel]]:
        """A referral as routing has stored it, and the indexes that it stands in."""
        service = build_app(self.settings)
        referrals = service.database["referrals"]
        document, known = await referrals.find_one({}), await referrals.index_information()
        service.client.close()
        assert document is not None
        return document, [
            IndexModel(index.pop("key"), name=name, **{option: index[option] for option in OPTIONS if option in index})
            for name, index in known.items()
            if name != "_id_"
        ]


async def compare(stage: Stage, bench: Bench) -> list[Figure]:
    """Races routing against the bare loops."""
    await stage.ours(0)
    document, indexes = await stage.kept()
    events = int(document["sequence"])
    same = [(ACTIVITY,)] * (events - len(OFFERS)) + [(ACTIVITY, *topics) for topics in OFFERS]
    loops = {
        "bare": bare.Manner(OFFERS),
        "bare, nothing validated": bare.Manner(OFFERS, identify=bare.unread),
        "bare, as many events": bare.Manner(same, packed=True),
        "bare, the same kept": bare.Manner(same, packed=True, keep=bare.like(document), indexes=indexes),
    }
    contenders: dict[str, Contender] = {
        "routing": stage.ours,
        **{name: partial(stage.bare, manner) for name, manner in loops.items()},
    }
    for name in loops:
        await contenders[name](0)
    result = await race(contenders, bench.choose(4, 1), bench.say)
    cpu = median(lap.cpu / lap.events for lap in result.laps["routing"])
    return [
        Figure("routing", result.rate("routing"), "referrals/s"),
        Figure("bare loop, 2 events each", result.rate("bare"), "referrals/s"),
        Figure(f"bare loop, {events} events each as routing has", result.rate("bare, as many events"), "referrals/s"),
        Figure("the same, and it keeps what routing keeps", result.rate("bare, the same kept"), "referrals/s"),
        Figure("bare loop, 2 events each, nothing validated", result.rate("bare, nothing validated"), "referrals/s"),
        Figure("routing / bare loop, 2 events each", result.ratio("routing", "bare"), "ratio", at_least(0.8)),
        Figure(
            "routing / bare loop, 2 events each, nothing validated",
            result.ratio("routing", "bare, nothing validated"),
            "ratio",
        ),
        Figure(f"routing / bare loop, {events} events each", result.ratio("routing", "bare, as many events"), "ratio"),
        Figure(
            "routing / the same, and it keeps what routing keeps",
            result.ratio("routing", "bare, the same kept"),
            "ratio",
            at_least(0.8),
        ),
        Figure("processor time of routing for one referral", cpu * 1e6, "µs"),
    ]


def measure(bench: Bench) -> Iterable[Figure]:
    """The routing stage with the shipped rules and with 200: goal at least 0.8 of the bare durable loop."""
    count = bench.choose(16_000, 1_600)
    for label, folder in (("", many_rules.SHIPPED), ("200 rules: ", many_rules.write(bench.folder / "rules", 200))):
        with bench.ground() as ground:
            for figure in uvloop.run(compare(Stage(ground, count, folder), bench)):
                yield replace(figure, name=label + figure.name)
