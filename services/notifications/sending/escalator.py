"""The last stage: takes the next step of every matter that nobody has answered.

The notices of a step have ids made from the event, the seat and the step, and the step is written down only where nobody
did so meanwhile. So two instances, or one that was killed in between, may do the same step twice: the second adds nothing.
Crash point: `notifications_after_step`.
"""

import asyncio

import structlog

from services.notifications import metrics
from services.notifications.keeping.stores import Stores
from services.notifications.plan.escalation import Turn, take_step
from services.notifications.plan.rules import Rules
from services.notifications.sending.grouping import Grouping
from shared.clock import Clock
from shared.crash import crash_point
from shared.delivery.errors import Unavailable
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)
_BATCH = 500


class Escalator:
    """Looks every `poll_seconds` for steps that are due."""

    def __init__(
        self,
        stores: Stores,
        grouping: Grouping,
        rules: Rules,
        *,
        clock: Clock,
        poll_seconds: float,
    ) -> None:
        self._stores = stores
        self._grouping = grouping
        self._rules = rules
        self._clock = clock
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            if await self._try() < _BATCH:
                await asyncio.sleep(self._poll_seconds)

    async def _try(self) -> int:
        try:
            taken = await self.take_steps()
            LOOP_SUCCESS.labels("escalator").set_to_current_time()
        except (Unavailable, *UNAVAILABLE) as error:
            log.warning("escalating_waits", error=type(error).__name__)
            return 0
        return taken

    async def take_steps(self) -> int:
        """Takes the steps that are due, a batch at most; how many."""
        due = await self._stores.escalations.due(_BATCH)
        now = self._clock()
        turns = [take_step(one, self._rules, now) for one in due]
        if turns:
            await self._keep(turns)
            for turn in turns:
                metrics.stepped((now - turn.before.due).total_seconds())
        return len(turns)

    async def _keep(self, turns: list[Turn]) -> None:
        await self._grouping.keep([notice for turn in turns for notice in turn.notices])
        crash_point("notifications_after_step")
        answered = await self._stores.escalations.advance(turns)
        await self._stores.notices.stop_about(answered)
