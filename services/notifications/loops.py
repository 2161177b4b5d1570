"""What notifications do by themselves, again and again: show what is open."""

import asyncio

import structlog

from services.notifications import metrics
from services.notifications.keeping.stores import Stores
from services.notifications.sending.delivering import Delivering
from shared.clock import Clock
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

_MEASURE_EVERY = 5.0
log = structlog.get_logger(__name__)


class Measure:
    """Keeps the gauges of what is open up to date."""

    def __init__(self, stores: Stores, delivering: Delivering, clock: Clock) -> None:
        self._stores = stores
        self._delivering = delivering
        self._clock = clock

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            try:
                count, oldest = await self._stores.ledger.waiting()
                metrics.waiting(count, oldest, self._clock())
                self._delivering.measure()
                metrics.escalating(*await self._stores.escalations.waiting(), self._clock())
                metrics.drilled(await self._stores.drills.last())
                LOOP_SUCCESS.labels("measure").set_to_current_time()
            except UNAVAILABLE as error:
                log.warning("measuring_waits", error=type(error).__name__)
            await asyncio.sleep(_MEASURE_EVERY)
