"""Makes the slow hashes behind the answers: in a thread that gives way to everything else, and rests between two.

While more codes come than it can hash, hurrying would only keep those who send waiting: it makes one a second, the rest later.
"""

import asyncio
import os
import sys
import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from time import monotonic

from services.intake import metrics
from services.intake.receipts.proof import hashed
from services.intake.receipts.store import ReceiptStore, Waiting
from shared.clock import Clock
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

AT_ONCE = 50
REST = 3
"""So many times as long as a hash took it rests after it: many codes take a quarter of one processor, not all of it."""
RUSH = timedelta(seconds=1)
"""A rush is over when no code came for so long."""
LOOP = "hash_receipts"


def _give_way() -> None:
    """Linux has a priority for each thread; elsewhere the pauses have to do."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


class ReceiptHasher:
    """Several instances may hash the same code: the first one wins."""

    def __init__(self, store: ReceiptStore, clock: Clock, rest: float = REST) -> None:
        self._store = store
        self._clock = clock
        self._rest = rest

    async def run(self, every: float = 1.0) -> None:
        """Hashes what waits, then looks again. Ends by cancellation."""
        with ThreadPoolExecutor(1, "hash-receipts", _give_way) as quietly:
            while True:
                with suppress(*UNAVAILABLE):
                    await self.round(quietly)
                    LOOP_SUCCESS.labels(LOOP).set_to_current_time()
                await asyncio.sleep(every)

    async def round(self, quietly: Executor) -> int:
        """Hashes what waits, in a rush the oldest alone; how many."""
        waiting, now = await self._store.waiting(AT_ONCE), self._clock()
        oldest = (now - waiting[0].since).total_seconds() if waiting else 0.0
        metrics.OLDEST_UNHASHED.set(max(0.0, oldest))
        rush = len(waiting) == AT_ONCE and await self._store.came_since(now - RUSH)
        chosen = waiting[:1] if rush else waiting
        for one in chosen:
            await self._hash(one, quietly)
        return len(chosen)

    async def _hash(self, one: Waiting, quietly: Executor) -> None:
        begun = monotonic()
        proof = await asyncio.get_running_loop().run_in_executor(quietly, hashed, one.message)
        await self._store.proven(one, proof)
        await asyncio.sleep(self._rest * (monotonic() - begun))
