"""What a server or provider took and then could not deliver: shown in the ledger, counted, and told to the coordinator."""

from uuid import UUID

from services.notifications import metrics
from services.notifications.answers.acknowledgement import told_of
from services.notifications.directory.directory import Directory
from services.notifications.keeping.documents import notice_of
from services.notifications.keeping.stores import Stores
from services.notifications.notices.notice import in_place_of
from services.notifications.sending.grouping import Grouping
from shared.clock import Clock
from shared.vocabulary import NotificationChannel, StaffRole


class Lost:
    """Done twice, it adds nothing the second time."""

    def __init__(self, stores: Stores, grouping: Grouping, directory: Directory, clock: Clock) -> None:
        self._stores = stores
        self._grouping = grouping
        self._directory = directory
        self._clock = clock

    async def __call__(self, message: UUID) -> bool:
        """Whether there is such a message of ours."""
        stored = await self._stores.ledger.find(message)
        if stored is None:
            return False
        notices = [notice_of(notice) for notice in told_of(stored)]
        if await self._stores.notices.lose([message, *(notice.id for notice in notices)]):
            metrics.LOST.labels(NotificationChannel(stored["channel"]).value).inc()
        [coordinator, *_] = self._directory.seats(None, StaffRole.coordinator)
        # Of what the coordinator did not get there is nobody left to tell but operators, who are told of each (`LOST`).
        others = [notice for notice in notices if notice.seat.role is not StaffRole.coordinator]
        await self._grouping.keep([in_place_of(notice, coordinator, self._clock()) for notice in others])
        return True
