"""Looks every few minutes whether details are still there whose time is over, and says since when."""

import asyncio
from dataclasses import dataclass

from services.intake import metrics
from services.intake.retention.usecases import Retention

EVERY = 600.0
"""Seconds between two looks: they go through every referral that has ended, and destroying is a matter of days."""


@dataclass(frozen=True, slots=True)
class OverdueWatch:
    """The service destroys nothing by itself; that nobody runs the command must not go unnoticed."""

    retention: Retention

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            metrics.OVERDUE_SECONDS.set(await self.overdue())
            await asyncio.sleep(EVERY)

    async def overdue(self) -> float:
        """Seconds since the time of the oldest details was over that nothing holds; 0 where there are none."""
        due = [one.at async for one in self.retention.due() if one.held is None]
        return (self.retention.clock() - min(due)).total_seconds() if due else 0.0
