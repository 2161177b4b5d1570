"""The third stage: writes down how attempts ended, many at once, and has their events published."""

import asyncio

import structlog

from services.notifications import metrics
from services.notifications.attempt import Outcome
from services.notifications.store import NoticeStore
from shared.crash import crash_point
from shared.delivery.errors import Unavailable
from shared.mongo import UNAVAILABLE
from shared.outbox import Relay

log = structlog.get_logger(__name__)
_BATCH = 200


class Recorder:
    """What is not recorded is sent again, so it tries until the database is back."""

    def __init__(self, store: NoticeStore, relay: Relay) -> None:
        self.ended: asyncio.Queue[Outcome] = asyncio.Queue(maxsize=_BATCH)
        self._store = store
        self._relay = relay

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            batch = [await self.ended.get()]
            while len(batch) < _BATCH and not self.ended.empty():
                batch.append(self.ended.get_nowait())
            try:
                await self._record(batch)
            finally:
                for _ in batch:
                    self.ended.task_done()

    async def _record(self, batch: list[Outcome]) -> None:
        while True:
            try:
                documents = await self._store.record(batch)
            except (Unavailable, *UNAVAILABLE) as error:
                log.warning("recording_waits", error=type(error).__name__, records=len(batch))
                await asyncio.sleep(0.5)
            else:
                crash_point("notifications_after_record")
                for document in documents:
                    self._relay.hint(document)
                for outcome in batch:
                    metrics.observe(outcome)
                return
