"""The loop that looks after files: scans what had to wait, tells of what nobody was told of, clears away what never arrived."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from services.intake import metrics
from services.intake.attachments.scanning import Scanning
from services.intake.attachments.store import AttachmentStore
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.delivery.metrics import LOOP_SUCCESS

log = structlog.get_logger(__name__)
NAME = "attachments"
EVERY = 10.0
"""Seconds between two rounds."""
AT_ONCE = 20
"""Files that are scanned in one: a round has to end before the loop counts as standing still."""
LEFT_BEHIND = timedelta(minutes=30)
"""No file takes so long to arrive: it is given 15 minutes (usecases.PATIENCE)."""

UNTOLD = timedelta(minutes=2)
"""After so long nobody is about to tell of a file any more. Should somebody be, it is told twice."""


@dataclass(frozen=True, slots=True)
class Tending:
    """Several instances may do the same at once: nothing is done that harms a second time."""

    store: AttachmentStore
    scanning: Scanning
    clock: Clock
    tell: Callable[[UUID], Awaitable[None]]

    async def run(self) -> None:
        """Rounds for ever. Ends by cancellation."""
        while True:
            try:
                await self.round()
            except Unavailable as error:
                log.warning("attachments_wait", why=str(error))
            else:
                LOOP_SUCCESS.labels(NAME).set_to_current_time()
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """One round. Unavailable."""
        for attachment in await self.store.left_behind(self.clock() - LEFT_BEHIND):
            await self.store.discard(attachment)
        for referral in await self.store.untold(self.clock() - UNTOLD):
            await self.tell(referral)
        await self.scanning.catch_up(AT_ONCE)
        oldest = await self.scanning.longest_waiting()
        metrics.UNSCANNED_AGE.set((self.clock() - oldest.at).total_seconds() if oldest else 0)
