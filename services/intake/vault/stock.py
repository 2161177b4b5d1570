"""Keys made ahead, each for a referral that is still to come: so that taking it does not wait until a key is durable.

A key in stock has a second name, `spare:ID`. The transaction that stores the referral takes that name away; what still bears it
a day later was left by a process that has ended, nothing was ever encrypted with it, and it is deleted.
"""

import asyncio
from collections import deque
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import structlog

from services.intake.vault.vault import Vault
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)
FULL = 32
LOW = 24
"""Below this the stock is filled up."""
AT_ONCE = 2
IN_A_ROW = 4
USABLE = timedelta(hours=12)
LEFT_OVER = timedelta(hours=24)
"""When a key that nobody took is deleted: long after any process can still take it."""
EVERY = 3600.0
"""Seconds between two looks for old ones."""


class Reserved(NamedTuple):
    """An id for a new referral, and whether its key is there already."""

    referral: UUID
    has_key: bool


class KeyStock:
    """The stock of one process. What it holds is durable before it is given away."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._ready: deque[tuple[UUID, datetime]] = deque()
        self._low = asyncio.Event()

    @property
    def full(self) -> bool:
        """Whether it holds all that it should."""
        return len(self._ready) >= FULL

    def take(self) -> Reserved:
        """Never waits: where the stock is empty, the key is still to be made."""
        while self._ready:
            referral, made = self._ready.popleft()
            if len(self._ready) < LOW:
                self._low.set()
            if self._clock() - made < USABLE:
                return Reserved(referral, has_key=True)
        self._low.set()
        return Reserved(uuid4(), has_key=False)

    async def run(self) -> None:
        """Keeps the stock full, and deletes what was left over. Ends by cancellation."""
        look_again = 0.0
        while True:
            try:
                await self._fill()
                if (time := asyncio.get_running_loop().time()) >= look_again:
                    await self._vault.delete_spare(self._clock() - LEFT_OVER)
                    look_again = time + EVERY
                with suppress(TimeoutError):
                    async with asyncio.timeout(EVERY):
                        await self._low.wait()
            except (Unavailable, *UNAVAILABLE) as error:
                log.warning("keys_not_made", error=type(error).__name__)
                await asyncio.sleep(1)

    async def _fill(self) -> None:
        self._low.clear()
        while len(self._ready) < FULL:
            some = [[uuid4() for _ in range(IN_A_ROW)] for _ in range(AT_ONCE)]
            made = self._clock()
            await asyncio.gather(*[self._vault.make_spare([str(id_) for id_ in ids]) for ids in some])
            self._ready.extend((id_, made) for ids in some for id_ in ids)
