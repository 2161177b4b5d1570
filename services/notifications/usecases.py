"""What notifications does with routing's events: keep a notice for everyone who has to know, then wake the senders."""

from collections.abc import Callable, Sequence

from services.notifications import metrics
from services.notifications.contacts import Contacts
from services.notifications.policy import Policy
from services.notifications.standing import follow
from services.notifications.store import NoticeStore
from shared.crash import crash_point
from shared.events.routing import ActivityEvent


class Announce:
    """Load → decide → save. The notices are saved before the standing: a crash between the two adds nothing twice."""

    def __init__(self, store: NoticeStore, policy: Policy, contacts: Contacts, wake: Callable[[], None]) -> None:
        self._store = store
        self._policy = policy
        self._contacts = contacts
        self._wake = wake

    async def apply(self, events: Sequence[ActivityEvent], *, accept_gap: bool = False) -> None:
        """Gives the events their effect, each once however often it comes. Gap where one before them is missing."""
        standings = await self._store.standings({event.subject for event in events})
        notices, moved = follow(events, standings, self._policy, self._contacts, accept_gap=accept_gap)
        new = await self._store.add(notices)
        crash_point("notifications_after_insert")
        if new:
            metrics.added(new)
            self._wake()
        await self._store.advance(moved)
        crash_point("notifications_after_cursor")
