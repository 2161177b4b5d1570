"""The second stage: one letter at a time through one line, and what follows from the answer."""

from datetime import datetime, timedelta

import structlog

from services.notifications import metrics
from services.notifications.channels.channel import Channel, Letter, Line
from services.notifications.directory.directory import Directory, Holder
from services.notifications.notices.attempt import Claimed, Dropped, Moved, Outcome, Sent, Trouble, Undelivered
from services.notifications.notices.verdict import Patience, give_back, verdict
from services.notifications.notices.waits import Reachability
from shared.clock import Clock
from shared.crash import crash_point

log = structlog.get_logger(__name__)


class Sender:
    """Makes one attempt at a message by one channel."""

    def __init__(
        self, channel: Channel, directory: Directory, reachability: Reachability, *, patience: Patience, clock: Clock
    ) -> None:
        self._channel = channel
        self._directory = directory
        self._reachability = reachability
        self._patience = patience
        self._clock = clock

    async def attempt(self, claimed: Claimed, line: Line) -> Outcome:
        """Sends the message, unless it is pointless, or its claim could run out on the way: then another might send it too."""
        now = self._clock()
        if claimed.pointless and not claimed.unsure:
            return Dropped(claimed, now)
        if claimed.until - now < timedelta(seconds=self._channel.send_seconds):
            return give_back(claimed, now)
        holder = self._directory.holder(claimed.message.seat, now)
        if self._channel.kind not in holder.ways:
            return Moved(claimed, now, now, holder.ways[0], claimed.unsure)
        return await self._try(claimed, holder, line, now)

    async def _try(self, claimed: Claimed, holder: Holder, line: Line, now: datetime) -> Outcome:
        try:
            await self._send(claimed, holder, line, now)
        except Undelivered as error:
            return self._undelivered(claimed, holder, error)
        except Exception as error:
            # One notice that cannot be written must not stop the others.
            log.error("attempt_broke", exc_info=error)
            return self._undelivered(claimed, holder, Undelivered(Trouble.fault, unsure=True))
        crash_point("notifications_after_send")
        self._reachability.reached()
        return Sent(claimed, self._clock(), holder.person, holder.stands_in)

    async def _send(self, claimed: Claimed, holder: Holder, line: Line, now: datetime) -> None:
        if self._reachability.pause and claimed.message.fall_over:
            raise Undelivered(Trouble.unreachable)  # another one finds out whether it is back; this one need not wait for it
        if claimed.unsure:
            metrics.REPEATED.inc()
        target = holder.reach.target(self._channel.kind) or ""
        await line.send(Letter(claimed.message, holder.reach, target, now))

    def _undelivered(self, claimed: Claimed, holder: Holder, error: Undelivered) -> Outcome:
        metrics.TROUBLES.labels(self._channel.kind.value, error.trouble.value).inc()
        log.warning("not_taken", channel=self._channel.kind.value, reason=error.trouble.value, attempt=claimed.attempt)
        if error.trouble in self._channel.wholesale:
            self._reachability.failed()
        elif error.trouble is not Trouble.fault:
            self._reachability.reached()
        return verdict(claimed, error, self._clock(), holder.ways, self._patience)
