"""What the judge of a run asks of clocks, of owners and of agencies that are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.history import History, Seen

ACTIVITY = "referrals.activity"
OPENS = {"assignment.offered"}
ENDS = {"assignment.declined", "assignment.expired", "assignment.revoked", "assignment.completed"}
OVER = {"referral.closed", "referral.withdrawn", "referral.screened_out"}
UNOWNED_AT_MOST = 60.0
LATE_AT_MOST = 20.0
"""Seconds. Until then a clock that is due may still be on its way; what is later is missing, and may come yet."""


def _once(history: History) -> list[Seen]:
    """Routing's events without repetitions, in the order of each referral's life."""
    found = {s.id: s for s in history.of(ACTIVITY)}
    return sorted(found.values(), key=lambda s: (s.referral, s.sequence))


Running = tuple[str, str | None, str | None, float]
"""A clock: its referral, its kind, its agency where it has one, and when it is due."""


def clocks(history: History) -> Iterator[str]:
    """Every clock that ran out was told, once; none was both met and missed."""
    started: set[Running] = set()
    ended: dict[Running, list[str]] = defaultdict(list)
    over: set[str] = set()
    for s in _once(history):
        started.update((s.referral, *clock) for clock in s.begun)
        if s.kind in ("clock.met", "clock.missed"):
            ended[s.referral, s.clock, s.agency, s.due].append(s.kind)
        elif s.kind in OVER:
            over.add(s.referral)
    for key, kinds in ended.items():
        if kinds.count("clock.missed") > 1:
            yield f"{key[1]} of {key[0]} ran out {kinds.count('clock.missed')} times"
    for key in started - ended.keys():
        if key[0] not in over and key[3] + LATE_AT_MOST < history.looked_at:
            yield f"missing: {key[1]} of {key[0]} was due and nothing happened"


def endings(history: History) -> Iterator[str]:
    """An offer expires once, and not after it was answered."""
    offered: set[tuple[str, str | None]] = set()
    for s in _once(history):
        place = s.referral, s.agency
        if s.kind in OPENS:
            offered.add(place)
        elif s.kind == "assignment.accepted":
            offered.discard(place)
        elif s.kind in ("assignment.expired", "assignment.declined"):
            if place not in offered:
                yield f"{s.kind} of {s.agency} for {s.referral} without an open offer"
            offered.discard(place)


def owners(history: History) -> Iterator[str]:
    """From its routing on a referral always has an owner; what happens at one moment is one decision."""
    owners_of: dict[str, set[str | None]] = defaultdict(set)
    unowned: dict[str, float] = {}
    for s in _once(history):
        mine = owners_of[s.referral]
        since = unowned.get(s.referral)
        if since is not None and s.at - since > UNOWNED_AT_MOST:
            yield f"{s.referral} had no owner for {s.at - since:.0f} s"
        if s.kind in OPENS:
            mine.add(s.agency)
        elif s.kind in ENDS:
            mine.discard(s.agency)
        if mine or s.kind in OVER:
            unowned.pop(s.referral, None)
        else:
            unowned.setdefault(s.referral, s.at)
    for referral, since in unowned.items():
        if history.looked_at - since > UNOWNED_AT_MOST:
            yield f"{referral} has had no owner for {history.looked_at - since:.0f} s"


def exclusions(history: History) -> Iterator[str]:
    """An agency that is left out hears nothing, by any topic."""
    posts = history.acknowledged
    for s in history.seen:
        post = posts.get(s.referral)
        if post and s.topic.startswith("agencies.") and s.topic.split(".")[1] in post.excluded:
            yield f"{s.topic.split('.')[1]} was told {s.kind} of {s.referral}, from which it is left out"


def parts(history: History) -> Iterator[str]:
    """Whoever takes a part owes work on it from that moment, by a clock."""
    owing = {(s.referral, agency) for s in _once(history) for kind, agency, _ in s.begun if kind == "begin_work"}
    for s in _once(history):
        if s.kind == "assignment.accepted" and (s.referral, s.agency) not in owing:
            yield f"{s.agency} took {s.referral}, and no clock waits for its work"


RULES = (clocks, parts, endings, owners, exclusions)
