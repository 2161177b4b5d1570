"""The sandbox: a referral of its own every so often, whose offers expire like real ones.

It shares nothing with real referrals but the code: collections, reader and journal are its own, and its journal can write
to the sandbox's inbox alone. So nothing of it reaches an agency, a mail, a figure, a queue or an alert.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from services.routing.desk.desk import Desk
from services.routing.keeping.fold import Fold
from services.routing.sandbox.synthetic import synthetic_id, synthetic_offer
from services.routing.turns.expiry import run_out
from shared.delivery.errors import Transient, Unavailable
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)
MOST_DUE = 100


@dataclass(frozen=True)
class Sandbox:
    """`every`: seconds from one referral to the next. Several instances make each of them once, as its id is the time's."""

    desk: Desk
    every: float

    async def turn(self) -> None:
        """Makes the referral of this moment unless it is there, and lets due offers expire."""
        now = self.desk.clock()
        fresh = synthetic_id(now, self.every)
        due = [document["_id"] for document in await self.desk.referrals.due(now, MOST_DUE)]

        def decide(fold: Fold, id_: UUID, at: datetime) -> None:
            if fold.referral:
                decided = run_out(fold.referral, self.desk.book, at)
            else:
                decided = synthetic_offer(id_, int(at.timestamp() // self.every), self.desk.book, at) if id_ == fresh else None
            if decided:
                fold.add(decided, None, at)

        await self.desk.work({id_: id_ for id_ in (fresh, *due)}, decide)


async def run_sandbox(sandbox: Sandbox) -> None:
    """Takes turns, at least once a second. Ends by cancellation."""
    while True:
        try:
            await sandbox.turn()
            LOOP_SUCCESS.labels("sandbox").set_to_current_time()
        except (Unavailable, Transient, *UNAVAILABLE) as error:
            log.warning("sandbox_waits", loop="sandbox", error=type(error).__name__)
        await asyncio.sleep(min(1.0, sandbox.every))


def uncounted(_folds: Iterable[Fold], _results: Iterable[str]) -> None:
    """In place of the metrics: what agencies' engineers try is no sign of how anything fares."""
