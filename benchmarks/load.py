"""An open load: posts on a fixed schedule, whether or not earlier ones were answered, as the public does.

Every time is counted from the moment a post was due. So a stall shows in all that were due meanwhile, and not in one alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from math import ceil

from benchmarks.alike import referrals
from benchmarks.door import Door
from deploy.demo.caseload import CASES, Case
from services.intake.vault.leaves import grown

_SEEDS = count(1)


@dataclass
class Post:
    """`due` and `answered` in seconds since 1970; `referral` where it was accepted."""

    case: Case
    due: float
    answered: float = 0.0
    referral: str | None = None


@dataclass
class Load:
    """Posts `rate` referrals a second, every row of the routing table in turn unless it is told which `cases`.

    Details are about somebody else each time: about the same person, each referral would be a likely duplicate of all others.
    """

    door: Door
    rate: float
    cases: Sequence[Case] = CASES
    posts: list[Post] = field(default_factory=list)

    async def run(self, seconds: float) -> Sequence[Post]:
        """The posts that were due in that time, all answered or given up."""
        cases = self._about_different_people(int(seconds * self.rate))
        begun = time.time()
        async with asyncio.TaskGroup() as posting:
            for number, case in enumerate(cases):
                post = Post(case, begun + number / self.rate)
                await asyncio.sleep(post.due - time.time())
                self.posts.append(post)
                posting.create_task(self._post(post))
        return self.posts

    def _about_different_people(self, posts: int) -> list[Case]:
        told = referrals(posts, 0, seed=next(_SEEDS))
        cases = [self.cases[number % len(self.cases)] for number in range(posts)]
        return [
            replace(case, details=case.details | grown(one.fields)) if case.details else case
            for case, one in zip(cases, told, strict=True)
        ]

    async def _post(self, post: Post) -> None:
        try:
            _, post.referral = await self.door.post(post.case.body)
        except (OSError, TimeoutError):
            return
        post.answered = time.time()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least that share of all do not exceed; infinity where there are none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else float("inf")
