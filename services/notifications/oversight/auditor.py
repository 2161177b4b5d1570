"""The auditor: reads routing's events in a group of its own, and some time later asks the ledger whether somebody was told.

It shares nothing with the pipeline but the ledger it looks into. What it finds is a metric with an alert, never a message:
a message would go the way that it doubts. Each round sets a time of its own, so that its silence is an alert too.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from services.notifications import metrics
from services.notifications.oversight.audit import FORGET_AFTER, expected, finding, is_settled
from services.notifications.oversight.audit_store import AuditStore
from shared.clock import Clock
from shared.delivery.metrics import LOOP_SUCCESS
from shared.events.routing import ActivityEvent
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)
_MOST = 2000
_AGAIN = timedelta(seconds=30)


class Auditor:
    """Every `every` seconds it looks at what is due. A finding is counted as long as it holds, by any instance."""

    def __init__(self, store: AuditStore, clock: Clock, every: float) -> None:
        self._store = store
        self._clock = clock
        self._every = every

    async def apply(self, events: Sequence[ActivityEvent], *, accept_gap: bool = False) -> None:
        """Keeps what somebody must know of. Repeats and gaps make no difference: it counts facts, it follows none."""
        await self._store.expect(one for event in events if (one := expected(event)))

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            try:
                await self.look()
                LOOP_SUCCESS.labels("auditor").set_to_current_time()
                metrics.AUDITED.set_to_current_time()
            except UNAVAILABLE as error:
                log.warning("auditing_waits", error=type(error).__name__)
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """One round over what is due."""
        now = self._clock()
        due = await self._store.due(now, _MOST)
        notices = await self._store.notices([one["_id"] for one in due])
        over = {one["_id"] for one in due if is_settled(notices.get(one["_id"], ())) or now - one["at"] > FORGET_AFTER}
        rest = [one["_id"] for one in due if one["_id"] not in over]
        await self._store.forget(over)
        await self._store.note({about: finding(notices.get(about, ()), now) for about in rest}, now + _AGAIN)
        metrics.found(await self._store.counts())
