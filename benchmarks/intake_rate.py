"""The highest rate at which intake, with its database and broker alone, answers 99 of 100 posts within 50 ms; and what a post
takes at 100/s where every one brings details to encrypt."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import uvloop

from benchmarks.bench import Bench
from benchmarks.door import Door
from benchmarks.figure import Figure, at_most
from benchmarks.load import Load, percentile
from benchmarks.stack import Stack
from deploy.demo.caseload import CASES, Case
from services.intake.example import REFERRAL

LIMIT = 0.05
FIRST = 50.0
AT = 100


@dataclass(frozen=True)
class Step:
    """What came of one rate: p99 in seconds, infinite where a post was not accepted."""

    rate: float
    p50: float
    p99: float

    @property
    def fine(self) -> bool:
        """Whether it was quick enough."""
        return self.p99 < LIMIT


async def step(door: Door, rate: float, seconds: float, bench: Bench, cases: Sequence[Case] = CASES) -> Step:
    """Posts at one rate."""
    posts = await Load(door, rate, cases).run(seconds)
    times = [post.answered - post.due if post.referral else float("inf") for post in posts]
    found = Step(rate, percentile(times, 0.5), percentile(times, 0.99))
    bench.say(f"{rate:.0f}/s: p50 {1000 * found.p50:.1f} ms, p99 {1000 * found.p99:.1f} ms")
    await asyncio.sleep(1)  # what was published late must not weigh on the next step
    return found


async def search(door: Door, bench: Bench) -> Step:
    """Half as much again until it is too much, then halves the last stretch a few times. A rate gets a second chance."""
    seconds = bench.choose(8.0, 1.0)
    await step(door, FIRST, seconds, bench)
    best, rate, most = Step(0, 0, 0), FIRST, float("inf")
    for _ in range(bench.choose(14, 2)):
        found = await step(door, rate, seconds, bench)
        if not found.fine:
            found = await step(door, rate, seconds, bench)
        best, most = (found, most) if found.fine else (best, rate)
        rate = best.rate * 1.5 if most == float("inf") else (best.rate + most) / 2
        if most - best.rate < max(5.0, 0.05 * most):
            break
    return best


def telling() -> Case:
    """A referral with ten fields of details; the load puts somebody else into each."""
    same = REFERRAL["details"]
    kept = {"reporter": same["reporter"], "suspect": {"description": same["suspect"]["description"]}}
    kept |= {name: same[name] for name in ("narrative", "safe_contact")}
    return Case("ten fields of details", REFERRAL["facts"], {}, details=kept)


def measure(bench: Bench) -> Iterable[Figure]:
    """Intake alone. What the search leaves for later (codes to hash, referrals to compare) must not weigh on the details."""
    seconds = bench.choose(30.0, 1.0)
    with Stack(bench, ["intake"]) as stack:
        port = stack.services["intake"].port
        with_details = uvloop.run(step(Door(port), AT, seconds, bench, [telling()]))
        best = uvloop.run(search(Door(port), bench))
    return [
        Figure("p50 of a post at 100/s, ten fields of details each", 1000 * with_details.p50, "ms"),
        Figure("p99 of the same", 1000 * with_details.p99, "ms", at_most(80)),
        Figure("highest rate with p99 under 50 ms", best.rate, "referrals/s"),
        Figure("p50 at that rate", 1000 * best.p50, "ms"),
        Figure("p99 at that rate", 1000 * best.p99, "ms"),
    ]
