"""One chaos run: traffic and faults side by side, then quiet, then judgement."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.checker import violations
from tests.chaos.faults import plan, suffer
from tests.chaos.history import History
from tests.chaos.observation import observe
from tests.chaos.traffic import Agencies, Referrers
from tests.system import System

Say = Callable[[str], None]


@dataclass
class Verdict:
    """How a run ended: what is wrong, and the counts of what really happened."""

    seed: int
    wrong: list[str]
    happened: Counter[str]

    @property
    def empty(self) -> bool:
        """A run in which nothing was killed, nothing was posted or no clock ran out proves nothing."""
        killed = all(self.happened[fault] for fault in ("kill", "kill_broker", "kill_database"))
        return not killed or not self.happened["acknowledged"] or not self.happened["clocks_missed"]


async def run(
    world: System, history: History, *, seed: int, seconds: float, every: float, patience: float, say: Say
) -> Verdict:
    """Lets the world suffer for so many seconds with a post `every` seconds; waits `patience` seconds for it to come right."""
    until = time.monotonic() + seconds
    quiet = asyncio.Event()
    happened: Counter[str] = Counter()
    rng = random.Random(seed)
    async with asyncio.TaskGroup() as everyone:
        everyone.create_task(Agencies(world, history, rng).run(quiet.is_set))
        posting = everyone.create_task(Referrers(world, history, rng).run(lambda: time.monotonic() > until, every))
        await _faults(world, happened, seed, seconds, say)
        await posting
        say("the faults are over; waiting for what is still to come")
        wrong = await _settle(world, history, patience)
        quiet.set()
    return Verdict(seed, wrong, happened | _counts(history))


async def _faults(world: System, happened: Counter[str], seed: int, seconds: float, say: Say) -> None:
    for fault in plan(seed, seconds):
        say(str(fault))
        await asyncio.sleep(fault.wait)
        happened[fault.what] += 1
        await suffer(world, fault)
        happened["revived"] += world.revive()


async def _settle(world: System, history: History, patience: float) -> list[str]:
    """What is wrong in a look that began after the patience ended: one look at a long run can take minutes."""
    until = time.monotonic() + patience
    while True:
        world.revive()
        began = time.monotonic()
        await observe(world, history)
        wrong = violations(history)
        if not wrong or began > until:
            return wrong
        await asyncio.sleep(1)


def _counts(history: History) -> Counter[str]:
    places = [(s.topic, s.id) for s in history.seen]
    return Counter(
        {
            "posts": len(history.posts),
            "acknowledged": len(history.acknowledged),
            "unknown_ends": sum(p.outcome == "unknown" for p in history.posts),
            "refused": sum(p.outcome == "refused" for p in history.posts),
            "answers": len(history.answers),
            "clocks_missed": len({s.id for s in history.seen if s.kind == "clock.missed"}),
            "reminders": len({s.id for s in history.seen if s.kind == "assignment.reminded"}),
            "events": len(places),
            "doubled_events": len(places) - len(set(places)),
            "mails": len(history.mails),
            "repeated_mails": len(history.mails) - len(set(history.mails)),
        }
    )


def keep(history: History, folder: Path) -> Path:
    """Writes the history down for whoever has to find out."""
    path = folder / "history.ndjson"
    history.write(path)
    return path
