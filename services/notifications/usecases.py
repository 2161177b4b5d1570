"""What notifications does with routing's events: keep a notice for everyone who has to know, then wake the senders."""

from collections.abc import Callable, Sequence

from services.notifications import metrics
from services.notifications.directory import Directory
from services.notifications.policy import Policy
from services.notifications.standing import follow
from services.notifications.store import NoticeStore
from shared.clock import Clock
from shared.crash import crash_point
from shared.events.routing import ActivityEvent


class Announce:
    """Load → decide → save. The notices are saved before the standing: a crash between the two adds nothing twice."""

    def __init__(
        self, store: NoticeStore, policy: Policy, directory: Directory, wake: Callable[[], None], clock: Clock
    ) -> None:
        self._store = store
        self._policy = policy
        self._directory = directory
        self._wake = wake
        self._clock = clock

    async def apply(self, events: Sequence[ActivityEvent], *, accept_gap: bool = False) -> None:
        """Gives the events their effect, each once however often it comes. Gap where one before them is missing."""
        standings = await self._store.standings({event.subject for event in events})
        notices, moved = follow(events, standings, self._policy, self._directory, self._clock(), accept_gap=accept_gap)
        new = await self._store.add(notices)
        crash_point("notifications_after_insert")
        if new:
            metrics.added(new)
            self._wake()
        await self._store.advance(moved)
        crash_point("notifications_after_cursor")
