"""The second stage: keeps notices, each to be sent by itself or to wait in a bundle. `storm` decides which.

Crash points: `notifications_after_insert`, `notifications_after_join`.
"""

from collections.abc import Sequence

from services.notifications import metrics
from services.notifications.keeping.bundle_store import BundleStore
from services.notifications.notices.bundle import sorted_out
from services.notifications.notices.notice import Notice
from services.notifications.plan.rules import Rules
from services.notifications.plan.storm import Tally
from services.notifications.sending.dispatch import Dispatch
from services.notifications.store import NoticeStore
from shared.clock import Clock
from shared.crash import crash_point


class Grouping:
    """The only way by which notices of events and steps are added. Done twice, it adds nothing the second time."""

    def __init__(self, store: NoticeStore, bundles: BundleStore, rules: Rules, dispatch: Dispatch, clock: Clock) -> None:
        self._store = store
        self._bundles = bundles
        self._dispatch = dispatch
        self._mailbox = rules.directory.contacts.mailbox
        self._tally = Tally(rules)
        self._clock = clock

    async def keep(self, notices: Sequence[Notice]) -> list[Notice]:
        """Stores notices, hands them on to the senders, and returns the new ones."""
        if not notices:
            return []
        now = self._clock()
        placed = [self._tally.place(notice, now) for notice in notices]
        claims = self._dispatch.claims(placed, now)
        new = await self._store.add(placed, claims)
        crash_point("notifications_after_insert")
        self._dispatch.stored(new, claims, now)
        held = [notice for notice in new if notice.held]
        if len(new) < len(placed):
            # Done before, perhaps not to the end: what is stored says which of them wait.
            held += await self._bundles.grouped({notice.id for notice in placed} - {notice.id for notice in new})
        for place, some in sorted_out(held, self._mailbox):
            await self._bundles.join(place, some)
        if held:
            crash_point("notifications_after_join")
        metrics.added(new)
        return new
