"""What an agency notices of two others at full speed: one fills its outbox with garbage, one answers what it was never asked.

Neither reads, so both inboxes fill with rejections. Their quotas are those of config/bus.yaml. The third agency is offered
referrals and accepts each: from the post to its offer, and from the offer until the acceptance has its effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.bench import Bench
from benchmarks.door import Door
from benchmarks.figure import Figure, at_least, at_most
from benchmarks.flood import Flood
from benchmarks.load import Load, percentile
from benchmarks.stack import CONFIG, Stack
from benchmarks.third_agency import ThirdAgency
from deploy.demo.caseload import CASES
from shared.broker import connection
from shared.bus.agency_quota import load_quota
from shared.topics import inbox

THIRD, GARBAGE, UNASKED = "hartford-pd", "windsor-pd", "bloomfield-pd"
RATE = 10
"""Referrals a second: the taskforce has a few a day."""
Spell = Mapping[str, list[float]]
"""Seconds: `offer`, from a post until it is in the third agency's hands; `effect`, from there until the answer counts."""
Done = Mapping[str, float]


async def spell(stack: Stack, seconds: float) -> Spell:
    """Referrals for the third agency, until all have come and taken effect, or for 20 s after the last."""
    door, mine = Door(stack.services["intake"].port), [case for case in CASES if THIRD in case.due]
    async with ThirdAgency(stack.ground.broker.access, THIRD) as third:
        posts = [post for post in await Load(door, RATE, mine).run(seconds) if post.referral]
        for _ in range(200):
            if len(third.took_effect) == len(posts):
                break
            await asyncio.sleep(0.1)
    door.close()
    never = float("inf")
    return {
        "offer": [third.offered.get(str(post.referral), never) - post.due for post in posts],
        "effect": [third.took_effect.get(r, never) - offered for r, offered in third.offered.items()],
    }


async def beside_the_two(stack: Stack, bench: Bench, spells: int, seconds: float) -> tuple[list[Spell], Sequence[Done]]:
    """The same beside the two, and what these did."""
    access = stack.ground.broker.access
    floods = [Flood(access, GARBAGE, "garbage", bench.folder), Flood(access, UNASKED, "answers", bench.folder)]
    await asyncio.gather(*(flood.start() for flood in floods))
    found = await some(stack, bench, "beside the two", spells, seconds)
    return found, [flood.stop() for flood in floods]


async def some(stack: Stack, bench: Bench, how: str, spells: int, seconds: float) -> list[Spell]:
    """One spell after the other."""
    found = []
    for _ in range(spells):
        found.append(await spell(stack, seconds))
        bench.say(f"{how}: offer p99 {1000 * percentile(found[-1]['offer'], 0.99):,.0f} ms")
    return found


async def unread(stack: Stack) -> int:
    """How many events are in the inboxes of the two."""
    places = [TopicPartition(inbox(agency), 0) for agency in (GARBAGE, UNASKED)]
    async with AIOKafkaConsumer(**connection(stack.ground.kafka())) as looking:
        return sum((await looking.end_offsets(places)).values())


def figures(calm: Sequence[Spell], stormy: Sequence[Spell]) -> Iterable[Figure]:
    """Over all spells of a kind."""
    for what, goal in (("offer", at_most(1.2)), ("effect", None)):
        without, beside = ([seconds for one in spells for seconds in one[what]] for spells in (calm, stormy))
        for label, share in (("p50", 0.5), ("p99", 0.99)):
            alone, with_them = percentile(without, share), percentile(beside, share)
            yield Figure(f"{what} {label}, alone", 1000 * alone, "ms")
            yield Figure(f"{what} {label}, beside the two", 1000 * with_them, "ms")
            yield Figure(f"{what} {label}, beside the two / alone", with_them / alone, "", goal if label == "p99" else None)


async def run(stack: Stack, bench: Bench) -> list[Figure]:
    """A few seconds to warm up, then alone, then beside the two: they leave more behind than is soon worked off."""
    spells, seconds = bench.choose(4, 1), bench.choose(20.0, 1.0)
    await spell(stack, bench.choose(8, 1))
    alone = await some(stack, bench, "alone", spells, seconds)
    beside, did = await beside_the_two(stack, bench, spells, seconds)
    found = list(figures(alone, beside))
    found.append(Figure("the two: events written", sum(one["written"] for one in did), "events"))
    found.append(Figure("the two: answers in their inboxes, unread", await unread(stack), "events"))
    waited = min(one["throttled"] for one in did)
    return [*found, Figure("the two: least time that a quota made either wait", waited, "s", at_least(0.001))]


def measure(bench: Bench) -> Iterable[Figure]:
    """The p99 from post to offer moves by at most 20 %, and both of the two are made to wait by their quota."""
    with Stack(bench, ("intake", "routing"), quota=load_quota(CONFIG).model_dump()) as stack:
        bench.say("intake and routing are ready")
        return uvloop.run(run(stack, bench))
