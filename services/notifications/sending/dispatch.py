"""From the second stage to the senders: what may be sent at once is claimed by the very write that stores it.

To claim it from the store takes three more ways there, and a second write of each notice. So only what is older, came during
an outage, or finds no sender free is claimed from there. Killed in between, it is tried again when its lease is over, as
whatever was claimed is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.notices.attempt import Claimed, first_claim
from services.notifications.notices.notice import Notice
from services.notifications.sending.claimer import Claimer
from shared.vocabulary import NotificationChannel


class Dispatch:
    """Knows the claimers of this process; a command has none. `lease`: how long a claim holds."""

    def __init__(self, lease: timedelta = timedelta()) -> None:
        self._lease = lease
        self._claimers: dict[NotificationChannel, Claimer] = {}

    def join(self, channel: NotificationChannel, claimer: Claimer) -> None:
        """From now on the channel is told what there is to send."""
        self._claimers[channel] = claimer

    def claims(self, notices: Iterable[Notice], now: datetime) -> dict[UUID, Claimed]:
        """The claims to store notices with: of those that may go at once as many as their channel has senders free for."""
        room = {channel: claimer.room for channel, claimer in self._claimers.items()}
        found = {}
        for notice in notices:
            if room.get(notice.channel, 0) > 0 and notice.goes_at_once(now):
                room[notice.channel] -= 1
                found[notice.id] = first_claim(notice, now, now + self._lease)
        return found

    def stored(self, new: Iterable[Notice], claims: Mapping[UUID, Claimed], now: datetime) -> None:
        """Hands over what is stored with a claim, and has the rest that is due claimed."""
        for notice in new:
            claimer = self._claimers.get(notice.channel)
            if claimer is None:
                continue
            if notice.id in claims:
                claimer.take(claims[notice.id])
            elif notice.is_due(now):
                claimer.wake()

    def wake(self) -> None:
        """Says that there may be something to claim, by whatever channel."""
        for claimer in self._claimers.values():
            claimer.wake()
