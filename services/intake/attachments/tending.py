"""The loop that looks after files: scans what had to wait, and clears away what began to arrive and never did."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.intake import metrics
from services.intake.attachments.scanning import Scanning
from services.intake.attachments.store import AttachmentStore
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.delivery.metrics import LOOP_SUCCESS

log = structlog.get_logger(__name__)
NAME = "attachments"
EVERY = 30.0
"""Seconds between two rounds."""
LEFT_BEHIND = timedelta(hours=2)
"""No file takes so long to arrive."""


@dataclass(frozen=True, slots=True)
class Tending:
    """Several instances may do the same at once: nothing is done that harms a second time."""

    store: AttachmentStore
    scanning: Scanning
    clock: Clock

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
        oldest = await self.scanning.catch_up()
        metrics.UNSCANNED_AGE.set((self.clock() - oldest.at).total_seconds() if oldest else 0)
