"""Telling of likely duplicates by itself, soon after a referral is stored. Its sender never waits for it."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake import metrics
from services.intake.duplicates.finding import found
from services.intake.duplicates.likeness import Likeness
from services.intake.duplicates.store import Duplicates
from shared.clock import Clock
from shared.crash import crash_point
from shared.delivery.metrics import LOOP_SUCCESS
from shared.outbox import Relay

EVERY = 1.0
"""Seconds between two looks for referrals that were not compared yet."""
PAUSE = 0.03
"""Seconds after each, so that in a flood comparing leaves the processor to those who send."""


@dataclass(frozen=True, slots=True)
class TellDuplicates:
    """Compares each referral with all others once. Crash points: duplicates_before_event, duplicates_after_event.

    A referral waits in the index until it was compared: after a crash it is compared again, and told of once.
    """

    duplicates: Duplicates
    relay: Relay
    clock: Clock
    topic: str

    async def run(self) -> None:
        """Compares whatever waits, the oldest first. Ends by cancellation."""
        while True:
            while await self.round():
                LOOP_SUCCESS.labels("duplicates").set_to_current_time()
            LOOP_SUCCESS.labels("duplicates").set_to_current_time()
            await asyncio.sleep(EVERY)

    async def round(self) -> int:
        """How many there were."""
        waiting = await self.duplicates.waiting()
        oldest = waiting[0].since if waiting else None
        metrics.UNCOMPARED_SECONDS.set((self.clock() - oldest).total_seconds() if oldest else 0)
        for one in waiting:
            await self.compare(one.referral)
            await asyncio.sleep(PAUSE)
        return len(waiting)

    async def compare(self, referral: str) -> None:
        """Where there are likely duplicates, the event is durable when this returns; then it is compared no more."""
        likely = await self.duplicates.like(referral)
        crash_point("duplicates_before_event")
        if likely:
            await self._tell(referral, likely)
        crash_point("duplicates_after_event")
        await self.duplicates.compared(referral)

    async def _tell(self, referral: str, likely: list[Likeness]) -> None:
        while told := await self.duplicates.untold(referral):
            if document := await self.duplicates.tell(told, self._event(told, likely), self.topic):
                metrics.DUPLICATES_TOLD.inc()
                self.relay.hint(document)

    def _event(self, told: dict[str, Any], likely: list[Likeness]) -> Any:
        sequence, correlation = told["sequence"] + 1, UUID(told["correlation_id"])
        return found(UUID(told["_id"]), likely, sequence=sequence, correlation=correlation, at=self.clock())
