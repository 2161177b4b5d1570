"""How long it takes from posting a referral until it is in the agencies' inboxes, and until the mail server has the mails.

All four services run as processes of their own. The mail's time is the mail server's own, when it had the last byte. Its way is
measured twice: from the post, and from the event, whose time routing writes into it when it decides, before the event is stored
and published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import uvloop

from benchmarks.bench import Bench
from benchmarks.door import Door
from benchmarks.figure import Figure, at_most
from benchmarks.inboxes import Inboxes
from benchmarks.load import Load, Post, percentile
from benchmarks.processors import Processors
from benchmarks.stack import CONFIG, Stack
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.rules import load_rules
from shared.clock import now
from shared.events.codec import Codec
from shared.events.routing import AssignmentOffered

RATES, GOAL = (10, 50, 100), 100
"""Referrals a second: at the least the machine is hardly busy, at the most there are goals."""
OFFER = Codec[AssignmentOffered](AssignmentOffered)


@dataclass(frozen=True)
class Way:
    """Of one mail, in seconds since 1970: when its post was due, when routing decided on the offer, when the mail server had it
    (None where it has not)."""

    due: float
    decided: float
    received: float | None


class Mails:
    """Which mails an offer leads to, and when the mail server had them, as its journal says."""

    def __init__(self, journal: Sequence[dict[str, Any]]) -> None:
        self._rules = load_rules(CONFIG)
        self._received = {mail["message_id"].strip("<>").partition("@")[0]: mail["received_at"] / 1000 for mail in journal}

    def of(self, offer: AssignmentOffered, due: float) -> list[Way]:
        """The way of each mail of an offer that a post, due then, has led to."""
        notices = decide(Occasion(offer, offer.data.urgency, now()), self._rules)
        return [Way(due, offer.time.timestamp(), self._received.get(str(notice.id))) for notice in notices]


async def load(stack: Stack, rate: int, seconds: float) -> tuple[Sequence[Post], Inboxes]:
    """Posts, and waits until all due offers are there, 20 s at most."""
    door = Door(stack.services["intake"].port)
    async with Inboxes(stack.ground.kafka(), stack.agencies) as inboxes:
        posts = await Load(door, rate).run(seconds)
        for _ in range(200):
            if not missing(posts, inboxes):
                break
            await asyncio.sleep(0.1)
    door.close()
    return posts, inboxes


def missing(posts: Sequence[Post], inboxes: Inboxes) -> int:
    """Offers that are due and have not come."""
    due = [(post.referral, agency) for post in posts if post.referral for agency in post.case.due]
    return sum(place not in inboxes.offers for place in due)


async def mails_settled(stack: Stack) -> None:
    """Returns when no mail came for a second, after a minute at most."""
    before = -1
    for _ in range(60):
        if (count := len(stack.mail.received())) == before:
            break
        before = count
        await asyncio.sleep(1)


def milliseconds(name: str, values: Sequence[float], p50: float | None, p99: float | None) -> list[Figure]:
    """Median, 99th percentile and worst."""
    goals = {"p50": (0.5, at_most(p50) if p50 else None), "p99": (0.99, at_most(p99) if p99 else None), "worst": (1.0, None)}
    return [Figure(f"{name}, {label}", 1000 * percentile(values, share), "ms", goal) for label, (share, goal) in goals.items()]


def figures(posts: Sequence[Post], inboxes: Inboxes, journal: Sequence[dict[str, Any]]) -> list[Figure]:
    """From the moment a post was due, to its answer, to each offer, to each mail; and from each offer to its mails."""
    due = {post.referral: post.due for post in posts if post.referral}
    offers = [(when - due[id_], due[id_], event) for (id_, _), (when, event) in inboxes.offers.items() if id_ in due]
    mails = Mails(journal)
    ways = [way for _, start, event in offers for way in mails.of(OFFER.decode(event), start)]
    came = [(way, way.received) for way in ways if way.received is not None]
    return [
        Figure("posts", len(posts), "referrals"),
        Figure("not accepted", sum(post.referral is None for post in posts), "referrals", at_most(0)),
        *milliseconds("answer", [post.answered - post.due for post in posts if post.referral], None, None),
        *milliseconds("agency inbox", [seconds for seconds, _, _ in offers], 25, 60),
        Figure("offers missing", missing(posts, inboxes), "offers", at_most(0)),
        *milliseconds("mail", [received - way.due for way, received in came], None, 250),
        *milliseconds("event to mail", [received - way.decided for way, received in came], None, 250),
        Figure("mails", len(came), "mails"),
        Figure("mails missing", len(ways) - len(came), "mails", at_most(0)),
    ]


async def run(stack: Stack, bench: Bench) -> list[Figure]:
    """A few seconds to warm up, then both rates."""
    await load(stack, 20, bench.choose(8, 1))
    await mails_settled(stack)
    found = []
    for rate in RATES:
        bench.say(f"posting {rate} referrals a second")
        used = Processors(stack)
        posts, inboxes = await load(stack, rate, bench.choose(40, 2))
        shares = used.figures()
        await mails_settled(stack)
        these = figures(posts, inboxes, stack.mail.received())
        found += [replace(f, name=f"{rate}/s: {f.name}", goal=f.goal if rate == GOAL else None) for f in these]
    return found + shares


def measure(bench: Bench) -> Iterable[Figure]:
    """At 100 referrals a second: inbox p50 at most 25 ms, p99 at most 60 ms; mail p99 at most 250 ms, from the post as well as
    from the event."""
    # At this pace every desk is in a storm: each offer is to have a mail of its own, whose time can be taken.
    with Stack(bench, GROUP_STORMS="false") as stack:
        bench.say("all services are ready")
        return uvloop.run(run(stack, bench))
