"""The first stage: takes due notices out of the store and hands them to the senders, as many as they can use."""

import asyncio
from datetime import timedelta
from uuid import UUID

import structlog

from services.notifications.channels.channel import Channel
from services.notifications.notices.attempt import Claimed
from services.notifications.notices.waits import Reachability
from services.notifications.store import NoticeStore
from shared.crash import crash_point
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)


class Claimer:
    """Claims for one channel when woken (a notice was added, a sender ran dry) and every `poll_seconds`.

    While the store may hold something that is due, that goes before what is new, for which there is no `room` then.
    """

    def __init__(
        self, channel: Channel, store: NoticeStore, reachability: Reachability, *, lease: timedelta, poll_seconds: float
    ) -> None:
        self.claimed: asyncio.Queue[Claimed] = asyncio.Queue()
        self._in_hand: set[UUID] = set()
        self._channel = channel
        self._store = store
        self._reachability = reachability
        self._lease = lease
        self._poll_seconds = poll_seconds
        self._low = channel.lines
        self._most = 4 * channel.lines
        self._wake = asyncio.Event()
        self._behind = self._added = True

    def wake(self) -> None:
        """Says that there is something to claim."""
        self._added = self._behind = True
        self._wake.set()

    @property
    def room(self) -> int:
        """How many notices that are claimed already the senders can be given now."""
        if self._behind or self._reachability.rounds:
            return 0
        return max(0, self._most - self.claimed.qsize())

    def take(self, claimed: Claimed) -> None:
        """Gives the senders a notice that is claimed already."""
        self._in_hand.add(claimed.message.id)
        crash_point("notifications_after_claim")
        self.claimed.put_nowait(claimed)

    def let_go(self, message: UUID) -> None:
        """Says that it is written down how an attempt has ended. Until then it is claimed no second time."""
        self._in_hand.discard(message)

    async def next(self) -> Claimed:
        """The next notice to send."""
        claimed = await self.claimed.get()
        if self._behind and self.claimed.qsize() < self._low:
            self._wake.set()
        return claimed

    async def run(self) -> None:
        """Ends by cancellation."""
        self._in_hand.clear()  # what an earlier run has not written down is tried again when its lease is over
        while True:
            self._wake.clear()
            more = await self._try()
            if not more:
                await self._wait()

    async def _try(self) -> bool:
        try:
            more = await self._claim()
            LOOP_SUCCESS.labels(f"send_{self._channel.kind.value}").set_to_current_time()
        except UNAVAILABLE as error:
            log.warning("claiming_waits", error=type(error).__name__)
            return False
        return more

    async def _claim(self) -> bool:
        """Claims what there is room for; whether there may be more at once. During an outage one notice finds out when it
        is over, and those that can go by another channel are claimed to be moved there."""
        if self.claimed.qsize() >= self._low:
            return False
        away = bool(self._reachability.pause)
        most = 1 if self._reachability.rounds and not away else self._most
        self._added = False
        claimed = await self._store.claim(self._channel.kind, most, self._lease, movable=away, besides=self._in_hand)
        self._behind = bool(claimed) or away or self._added
        for one in claimed:
            self.take(one)
        return len(claimed) == most

    async def _wait(self) -> None:
        if pause := self._reachability.pause:
            await asyncio.sleep(min(pause, 1.0))
            return
        try:
            async with asyncio.timeout(self._poll_seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    def rest(self) -> list[Claimed]:
        """What was claimed and not yet taken, for giving back."""
        left = []
        while not self.claimed.empty():
            left.append(self.claimed.get_nowait())
            self.claimed.task_done()
        return left
