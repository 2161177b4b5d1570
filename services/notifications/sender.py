"""The second stage: one message at a time through one connection, and what follows from the server's answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from services.notifications import metrics
from services.notifications.attempt import OUTAGE, Claimed, Failed, Later, Outcome, Sent, Trouble, Undelivered
from services.notifications.directory import Directory
from services.notifications.message import Writer
from services.notifications.settings import NotificationsSettings
from services.notifications.waits import Reachability, next_wait
from shared.clock import Clock
from shared.crash import crash_point

log = structlog.get_logger(__name__)
Send = Callable[[str, bytes], Awaitable[None]]
"""Hands a message over to an address; Undelivered where the server did not take it."""


class Sender:
    """Makes one attempt at a notice."""

    def __init__(
        self,
        directory: Directory,
        writer: Writer,
        reachability: Reachability,
        settings: NotificationsSettings,
        clock: Clock,
    ) -> None:
        self._directory = directory
        self._writer = writer
        self._reachability = reachability
        self._settings = settings
        self._clock = clock

    async def attempt(self, claimed: Claimed, send: Send) -> Outcome:
        """Sends the notice, unless its claim could run out on the way: then another process might send it too."""
        now = self._clock()
        if claimed.until - now < timedelta(seconds=self._settings.smtp.send_seconds):
            return give_back(claimed, now)
        try:
            await self._send(claimed, send, now)
        except Undelivered as error:
            return self._undelivered(claimed, error)
        except Exception as error:
            # One notice that cannot be written must not stop the others.
            log.error("attempt_broke", exc_info=error)
            return self._undelivered(claimed, Undelivered(Trouble.fault, unsure=True))
        crash_point("notifications_after_send")
        self._reachability.reached()
        return Sent(claimed, self._clock())

    async def _send(self, claimed: Claimed, send: Send, now: datetime) -> None:
        holder = self._directory.holder(claimed.notice.seat, now)
        message = self._writer.write(claimed.notice, holder.reach, now)
        if claimed.unsure:
            metrics.REPEATED.inc()
        await send(holder.reach.address or "", message)

    def _undelivered(self, claimed: Claimed, error: Undelivered) -> Outcome:
        metrics.TROUBLES.labels(error.trouble.value).inc()
        log.warning("mail_not_taken", reason=error.trouble.value, attempt=claimed.attempt)
        if error.trouble in OUTAGE:
            self._reachability.failed()
        elif error.trouble is not Trouble.fault:
            self._reachability.reached()
        return verdict(claimed, error, self._clock(), self._settings)


def verdict(claimed: Claimed, error: Undelivered, now: datetime, settings: NotificationsSettings) -> Outcome:
    """Refused for good, or tried for `give_up_hours`: failed. Anything else: again, later."""
    old = now - claimed.since > timedelta(hours=settings.give_up_hours)
    if error.trouble is Trouble.refused or old:
        return Failed(claimed, now, error.trouble)
    longest = settings.outage_wait_seconds if error.trouble in OUTAGE else settings.longest_wait_seconds
    wait = next_wait(claimed.attempt, settings.first_wait_seconds, longest)
    return Later(claimed, now + wait, claimed.unsure or error.unsure, error.trouble)


def give_back(claimed: Claimed, now: datetime) -> Later:
    """The claim is given up untried."""
    return Later(claimed, now, claimed.unsure, counts=False)
