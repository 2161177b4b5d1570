"""What notifications does with routing's events: keep a notice for everyone who has to know."""

from collections.abc import Sequence

from services.notifications import metrics
from services.notifications.keeping.stores import Stores
from services.notifications.plan.rules import Rules
from services.notifications.plan.standing import follow
from services.notifications.sending.grouping import Grouping
from shared.clock import Clock
from shared.crash import crash_point
from shared.events.routing import ActivityEvent


class Announce:
    """Load → decide → save; crash point: `notifications_after_cursor`.

    The standings are saved last: a crash in between adds nothing twice, and forgets nothing.
    """

    def __init__(self, stores: Stores, grouping: Grouping, rules: Rules, clock: Clock) -> None:
        self._stores = stores
        self._grouping = grouping
        self._rules = rules
        self._clock = clock

    async def apply(self, events: Sequence[ActivityEvent], *, accept_gap: bool = False) -> None:
        """Gives the events their effect, each once however often it comes. Gap where one before them is missing."""
        standings = await self._stores.standings.load({event.subject for event in events})
        found = follow(events, standings, self._rules, self._clock(), accept_gap=accept_gap)
        await self._grouping.keep(found.notices)
        await self._stores.escalations.open(found.escalations)
        metrics.ESCALATIONS_ENDED.inc(await self._stores.escalations.stop(found.stops))
        await self._stores.notices.stop(found.stops)
        await self._stores.standings.advance(found.standings)
        crash_point("notifications_after_cursor")
