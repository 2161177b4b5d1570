"""Makes the slow hashes behind the answers: in a thread that gives way to everything else, and rests between two."""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic

from services.intake import metrics
from services.intake.receipts.proof import hashed
from services.intake.receipts.store import ReceiptStore, Waiting
from shared.clock import Clock
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

AT_ONCE = 50
REST = 3
"""So many times as long as a hash took it rests after it: a flood of codes takes a quarter of one processor, not all of it."""
LOOP = "hash_receipts"


def _give_way() -> None:
    """Linux has a priority for each thread; elsewhere the pauses have to do."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


class ReceiptHasher:
    """Several instances may hash the same code: the first one wins."""

    def __init__(self, store: ReceiptStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self, every: float = 1.0) -> None:
        """Hashes what waits, then looks again. Ends by cancellation."""
        with ThreadPoolExecutor(1, "hash-receipts", _give_way) as quietly:
            while True:
                with suppress(*UNAVAILABLE):
                    await self._round(quietly)
                    LOOP_SUCCESS.labels(LOOP).set_to_current_time()
                await asyncio.sleep(every)

    async def _round(self, quietly: ThreadPoolExecutor) -> None:
        waiting = await self._store.waiting(AT_ONCE)
        oldest = (self._clock() - waiting[0].since).total_seconds() if waiting else 0.0
        metrics.OLDEST_UNHASHED.set(max(0.0, oldest))
        for one in waiting:
            await self._hash(one, quietly)

    async def _hash(self, one: Waiting, quietly: ThreadPoolExecutor) -> None:
        begun = monotonic()
        proof = await asyncio.get_running_loop().run_in_executor(quietly, hashed, one.message)
        await self._store.proven(one, proof)
        await asyncio.sleep(REST * (monotonic() - begun))
