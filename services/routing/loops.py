"""What routing does by itself, again and again: fire clocks, and show what is open."""

import asyncio

import structlog

from services.routing import metrics
from services.routing.store import Referrals
from services.routing.usecases import RunOutClocks
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)


async def run_clocks(use: RunOutClocks, every: float) -> None:
    """Fires until nothing is due, then waits `every` seconds. Ends by cancellation.

    While the database or the broker is away nothing is lost: clocks stay due, and what was written is published later.
    """
    while True:
        try:
            while await use.fire() >= use.most:
                pass
            LOOP_SUCCESS.labels("clocks").set_to_current_time()
        except (Unavailable, *UNAVAILABLE) as error:
            log.warning("clocks_wait", loop="clocks", error=type(error).__name__)
        await asyncio.sleep(every)


async def show_gauges(referrals: Referrals, agencies: tuple[str, ...], clock: Clock, every: float) -> None:
    """Counts what is open every so many seconds: after a start work comes first. Ends by cancellation."""
    while True:
        await asyncio.sleep(every)
        metrics.show_clocks(await referrals.open_clocks(), agencies, clock())
        LOOP_SUCCESS.labels("gauges").set_to_current_time()
