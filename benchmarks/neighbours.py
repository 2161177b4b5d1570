"""What an agency notices of two others at full speed: one fills its outbox with garbage, one answers what it was never asked.

Neither reads, so both inboxes fill with rejections. Their quotas are those of config/bus.yaml. The third agency is offered
referrals and accepts each: from the post to its offer, and from the offer until the acceptance has its effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka import OFFSET_END
from confluent_kafka import TopicPartition as ConfluentPartition
from confluent_kafka.admin import AdminClient

from benchmarks.bench import Bench
from benchmarks.door import Door
from benchmarks.figure import Figure, at_least, at_most
from benchmarks.flood import Flood
from benchmarks.load import Load, percentile
from benchmarks.processors import Processors
from benchmarks.stack import CONFIG, Stack
from benchmarks.third_agency import ThirdAgency
from deploy.demo.caseload import CASES
from shared.broker import connection
from shared.bus.agency_quota import load_quota
from shared.bus.cluster import client_configuration
from shared.topics import inbox, outbox

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


async def beside_the_two(stack: Stack, bench: Bench, seconds: float) -> tuple[Spell, Sequence[Done]]:
    """The same beside the two, and what these did."""
    access = stack.ground.broker.access
    floods = [Flood(access, GARBAGE, "garbage", bench.folder), Flood(access, UNASKED, "answers", bench.folder)]
    await asyncio.gather(*(flood.start() for flood in floods))
    found = await spell(stack, seconds)
    return found, [flood.stop() for flood in floods]


def forget_the_rest(stack: Stack) -> None:
    """Deletes what the two have left in their outboxes, as it would take long to work off, and lets routing begin anew."""
    admin = AdminClient(client_configuration(stack.ground.kafka()))
    known = admin.list_topics(timeout=10).topics
    places = [
        ConfluentPartition(outbox(agency), number, OFFSET_END)
        for agency in (GARBAGE, UNASKED)
        for number in known[outbox(agency)].partitions
    ]
    for done in admin.delete_records(places).values():
        done.result()
    stack.services["routing"].restart()


async def unread(stack: Stack) -> int:
    """How many events are in the inboxes of the two."""
    places = [TopicPartition(inbox(agency), 0) for agency in (GARBAGE, UNASKED)]
    async with AIOKafkaConsumer(**connection(stack.ground.kafka())) as looking:
        return sum((await looking.end_offsets(places)).values())


def figures(alone: Sequence[Spell], beside: Sequence[Spell]) -> Iterable[Figure]:
    """Of each round's pair of spells; the ratios are the medians of the rounds', so that a slow moment counts once."""
    for what, goal in (("offer", at_most(1.2)), ("effect", None)):
        for label, share in (("p50", 0.5), ("p99", 0.99)):
            by_round = [(percentile(a[what], share), percentile(b[what], share)) for a, b in zip(alone, beside, strict=True)]
            yield Figure(f"{what} {label}, alone", 1000 * median(a for a, _ in by_round), "ms")
            yield Figure(f"{what} {label}, beside the two", 1000 * median(b for _, b in by_round), "ms")
            ratio = median(b / a for a, b in by_round)
            yield Figure(f"{what} {label}, beside the two / alone", ratio, "", goal if label == "p99" else None)


async def run(stack: Stack, bench: Bench) -> list[Figure]:
    """A few seconds to warm up, then alone and beside the two in turn."""
    rounds, seconds = bench.choose(5, 1), bench.choose(20.0, 1.0)
    await spell(stack, bench.choose(8, 1))
    alone, beside, did = list[Spell](), list[Spell](), list[Done]()
    shares = {"alone": 0.0, "beside the two": 0.0}
    for number in range(1, rounds + 1):
        used = Processors(stack)
        alone.append(await spell(stack, seconds))
        shares["alone"] += used.all_together() / rounds
        used = Processors(stack)
        found, done = await beside_the_two(stack, bench, seconds)
        shares["beside the two"] += used.all_together() / rounds
        beside.append(found)
        did += done
        p99 = [1000 * percentile(one["offer"], 0.99) for one in (alone[-1], found)]
        bench.say(f"round {number} of {rounds}: offer p99 {p99[0]:,.0f} ms alone, {p99[1]:,.0f} ms beside the two")
        forget_the_rest(stack)
    costs = [Figure(f"processor time of all processes, {how}", share, "% of a core") for how, share in shares.items()]
    waited = min(one["throttled"] for one in did)
    return [
        *figures(alone, beside),
        *costs,
        Figure("the two: events written", sum(one["written"] for one in did), "events"),
        Figure("the two: answers in their inboxes, unread", await unread(stack), "events"),
        Figure("the two: least time that a quota made either wait", waited, "s", at_least(0.001)),
    ]


def measure(bench: Bench) -> Iterable[Figure]:
    """The p99 from post to offer moves by at most 20 %, and both of the two are made to wait by their quota."""
    with Stack(bench, ("intake", "routing"), quota=load_quota(CONFIG).model_dump()) as stack:
        bench.say("intake and routing are ready")
        return uvloop.run(run(stack, bench))
