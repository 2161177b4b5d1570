"""A seeded plan of faults: the same seed is the same plan, printed before it is carried out."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.embedded import Service
from deploy.embedded.service import SERVICES
from tests.system import System

INSTANCES = 2


@dataclass(frozen=True)
class Fault:
    """After `wait` seconds do `what` to `target`; it comes back after `back` seconds."""

    wait: float
    what: str
    target: str
    back: float

    def __str__(self) -> str:
        return f"+{self.wait:.1f}s {self.what} {self.target}, back after {self.back:.1f}s"


LONG_RUN = 600.0
"""From here on the plan begins with the broker away for two minutes."""

WEIGHTS = {"kill": 10, "term": 3, "freeze": 3, "kill_broker": 2, "kill_database": 2}


def plan(seed: int, seconds: float) -> Iterator[Fault]:
    """Faults for about so many seconds: first one of each service, the broker and the database, then chance."""
    rng = random.Random(seed)
    elapsed = 0.0
    opening = [f"{name}-{rng.randint(1, INSTANCES)}" for name in rng.sample(SERVICES, len(SERVICES))]
    infrastructure = ["kill_broker", "kill_database"]
    rng.shuffle(infrastructure)
    if seconds >= LONG_RUN:
        yield Fault(5, "kill_broker", "broker", 120)
        elapsed = 125
    while opening or infrastructure or elapsed < seconds:
        what = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if opening:
            what = "kill"
        elif infrastructure:
            what = infrastructure.pop()
        target = opening.pop() if opening else _target(what, rng)
        fault = Fault(rng.uniform(0.5, 3), what, target, rng.uniform(0.2, 4))
        elapsed += fault.wait + fault.back
        yield fault


def _target(what: str, rng: random.Random) -> str:
    if what.startswith("kill_"):
        return what.removeprefix("kill_")
    return f"{rng.choice(SERVICES)}-{rng.randint(1, INSTANCES)}"


async def suffer(system: System, fault: Fault) -> None:
    """Carries out one fault and heals it."""
    server = system.server(fault.target)
    if fault.what == "freeze" and server.pid:
        os.kill(server.pid, signal.SIGSTOP)
        await asyncio.sleep(fault.back)
        os.kill(server.pid, signal.SIGCONT)
        return
    await asyncio.to_thread(server.stop if fault.what == "term" else server.kill9)
    await asyncio.sleep(fault.back)
    await asyncio.to_thread(server.spawn if isinstance(server, Service) else server.start)
