"""Sees when the clock was set, or when nobody has looked at it for long, and keeps anything from waiting for it to catch up.

Whatever waits here is due at a time of the clock on the wall. If that is set back by hours, it would all be hours late.
"""

import asyncio
from datetime import datetime, timedelta

import structlog

from services.notifications.keeping.clock_store import ClockStore
from services.notifications.keeping.documents import seat_of
from services.notifications.keeping.escalation_store import EscalationStore
from services.notifications.notices.notice import Form
from services.notifications.plan.escalation import left
from services.notifications.plan.plan import rest_of
from services.notifications.plan.rules import Rules
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)
SET_BACK = timedelta(minutes=1)
"""Less is how far the clocks of two hosts may differ, and how much later something may be."""
ABSENT = timedelta(minutes=10)
"""For so long nobody looked, or the clock was set ahead: in that time nothing could be tried."""


class ClockWatch:
    """Looks every `every` seconds. Two instances may do the same at once: what is short enough already stays as it is."""

    def __init__(self, store: ClockStore, escalations: EscalationStore, rules: Rules, *, clock: Clock, every: float) -> None:
        self._store = store
        self._escalations = escalations
        self._rules = rules
        self._clock = clock
        self._every = every

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            try:
                await self.look()
                LOOP_SUCCESS.labels("clock_watch").set_to_current_time()
            except (Unavailable, *UNAVAILABLE) as error:
                log.warning("clock_watch_waits", error=type(error).__name__)
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """One look. The reading is noted last: killed before, it is all done again."""
        now = self._clock()
        last = await self._store.last() or now
        if last - now > SET_BACK:
            log.warning("clock_set_back", seconds=(last - now).total_seconds())
            await self._set_back(now)
        elif now - last > ABSENT:
            log.warning("clock_set_ahead_or_nobody_there", seconds=(now - last).total_seconds())
            await self._store.allow(now - last)
        await self._store.note(now)

    async def _set_back(self, now: datetime) -> None:
        await self._store.shorten(now)
        async for document in self._store.resting(now):
            holder = self._rules.directory.holder(seat_of(document), now)
            until = rest_of(Form(document.get("form", Form.rest)), holder, now) or now
            if until < document["due"]:
                await self._store.wake(document, until)
        async for escalation in self._escalations.later_than(now):
            await self._escalations.hasten(escalation, now + left(escalation, self._rules))
