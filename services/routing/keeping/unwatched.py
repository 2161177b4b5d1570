"""Parts that were taken by an older version, which did not ask for a word of work: they get the clock that they lack.

At its start routing makes their referrals due, and the clock loop does the rest (`clocks.watch_work`).
"""

from typing import Any

from services.routing.life.clocks import WORK
from shared.clock import Clock
from shared.mongo import Collection
from shared.vocabulary import AssignmentStatus

_TAKEN = [AssignmentStatus.accepted.value, AssignmentStatus.in_progress.value]
_A_PART_IS_TAKEN = {"$gte": "working:", "$lt": "working;"}


def _agencies(of: str, field: str, terms: list[str]) -> dict[str, Any]:
    chosen = {"$filter": {"input": f"${of}", "cond": {"$in": [f"$$this.{field}", terms]}}}
    return {"$map": {"input": chosen, "in": "$$this.agency"}}


async def wake(referrals: Collection, clock: Clock) -> None:
    """Makes due what has a taken part without a clock now. Only open ones are looked at."""
    taken, watched = _agencies("assignments", "status", _TAKEN), _agencies("clocks", "kind", [kind.value for kind in WORK])
    lacking = {"desk.queues": _A_PART_IS_TAKEN, "$expr": {"$not": [{"$setIsSubset": [taken, watched]}]}}
    await referrals.update_many(lacking, {"$set": {"due": {"rank": 2, "at": clock()}}}, hint="towns")
