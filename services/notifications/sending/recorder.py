"""The third stage: writes down how attempts ended, many at once, and has their events published."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog

from services.notifications import metrics
from services.notifications.directory.directory import Directory
from services.notifications.keeping.stores import Stores
from services.notifications.notices.attempt import Failed, Moved, Outcome
from services.notifications.notices.bundle import Bundle, told
from services.notifications.notices.notice import Notice, in_place_of
from services.notifications.sending.grouping import Grouping
from shared.crash import crash_point
from shared.delivery.errors import Unavailable
from shared.mongo import UNAVAILABLE
from shared.outbox import Relay
from shared.vocabulary import StaffRole

log = structlog.get_logger(__name__)
_BATCH = 200  # notices: what a full bundle holds
_PAUSE = 0.02  # seconds after each write, in which others end: one by itself is written at once, and a stream of them in groups


class Recorder:
    """What is not recorded is sent again, so it tries until the database is back.

    Of a notice that reached nobody the coordinator is told in its place, stored before the failure is. Of a bundle, the notices
    in it end after it has. `moved` is called when there is something for another channel, `let_go` with each message whose end
    is written down.
    """

    def __init__(
        self,
        stores: Stores,
        grouping: Grouping,
        relay: Relay,
        directory: Directory,
        *,
        moved: Callable[[], None],
        let_go: Callable[[UUID], None],
    ) -> None:
        self.ended: asyncio.Queue[Outcome] = asyncio.Queue(maxsize=_BATCH)
        self._stores = stores
        self._grouping = grouping
        self._relay = relay
        self._directory = directory
        self._moved = moved
        self._let_go = let_go

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            batch = await self._ended()
            try:
                await self._record(batch)
            finally:
                for _ in batch:
                    self.ended.task_done()
            await asyncio.sleep(_PAUSE)

    async def _ended(self) -> list[Outcome]:
        """What has ended, as much as one write is to hold."""
        batch = [await self.ended.get()]
        size = _size(batch[0])
        while size < _BATCH and not self.ended.empty():
            batch.append(self.ended.get_nowait())
            size += _size(batch[-1])
        return batch

    async def _record(self, batch: list[Outcome]) -> None:
        while True:
            try:
                await self._grouping.keep(self._in_place(batch))
                documents = await self._stores.notices.record(batch)
                crash_point("notifications_after_record")
                if any(isinstance(outcome.claimed.message, Bundle) for outcome in batch):
                    await self._stores.bundles.unfold()
            except (Unavailable, *UNAVAILABLE) as error:
                log.warning("recording_waits", error=type(error).__name__, records=len(batch))
                await asyncio.sleep(0.5)
            else:
                for document in documents:
                    self._relay.hint(document)
                for outcome in batch:
                    self._let_go(outcome.claimed.message.id)
                    metrics.observe(outcome)
                if any(isinstance(outcome, Moved) for outcome in batch):
                    self._moved()
                return

    def _in_place(self, batch: list[Outcome]) -> list[Notice]:
        [coordinator, *_] = self._directory.seats(None, StaffRole.coordinator)
        failed = [outcome for outcome in batch if isinstance(outcome, Failed)]
        return [
            in_place_of(notice, coordinator, outcome.at)
            for outcome in failed
            for notice in told(outcome.claimed.message)
            if notice.seat.role is not StaffRole.coordinator
        ]


def _size(outcome: Outcome) -> int:
    return len(told(outcome.claimed.message))
