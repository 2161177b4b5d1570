"""Notices a consumer that has gone silent while there is something to read, and ends the process so that it is restarted.

aiokafka can stay silent for good after the broker came back (its issues 703, 847, 1154, 1187) and shows no health.
"""

import asyncio
import os
import time
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer

from shared.delivery import metrics
from shared.delivery.reader import Reader

log = structlog.get_logger(__name__)


class Watchdog:
    """Watches one reader: `patience` seconds of lag without a finished batch are too many."""

    def __init__(self, reader: Reader[Any], *, patience: float = 90.0, every: float = 5.0) -> None:
        self._reader = reader
        self._patience = patience
        self._every = every

    async def run(self) -> None:
        """Looks again and again. Ends by cancellation, or with the process."""
        while True:
            await asyncio.sleep(self._every)
            lag = await self._lag()
            quiet = time.monotonic() - self._reader.last_batch
            metrics.OLDEST_UNHANDLED.labels(self._reader.name).set(quiet if lag else 0.0)
            if self.is_stuck(lag, quiet):
                log.critical("reader_silent", reader=self._reader.name, lag=lag, seconds=round(quiet))
                os._exit(70)
            metrics.LOOP_SUCCESS.labels(f"watch_{self._reader.name}").set_to_current_time()

    def is_stuck(self, lag: int, quiet: float) -> bool:
        """Whether `lag` unread records and `quiet` seconds without a batch mean that the consumer is dead."""
        return lag > 0 and quiet > self._patience and not self._reader.busy and not self._reader.halted

    async def _lag(self) -> int:
        """Unread records on the partitions held; 0 where the broker does not answer, as then nobody could read."""
        consumer: AIOKafkaConsumer | None = self._reader.subscriber.consumer
        if consumer is None:
            return 0
        try:
            async with asyncio.timeout(5):
                held = list(consumer.assignment())
                ends = await consumer.end_offsets(held) if held else {}
                return sum([ends[tp] - await consumer.position(tp) for tp in held])
        except Exception as error:
            log.info("lag_unknown", reader=self._reader.name, error=type(error).__name__)
            return 0
