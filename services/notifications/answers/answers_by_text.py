"""What follows from receipts and replies of text messages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notifications import metrics
from services.notifications.answers.acknowledgement import Acknowledge
from services.notifications.answers.lost import Lost
from services.notifications.answers.provider_message import Wish, is_lost, read_reply
from services.notifications.channels.opt_out_store import OptOutStore
from services.notifications.directory.directory import Directory
from services.notifications.keeping.documents import seat_of
from services.notifications.keeping.stores import Stores
from shared.vocabulary import NotificationChannel


class AnswersByText:
    """Each can come twice, and has its effect once."""

    def __init__(self, stores: Stores, lost: Lost, opt_outs: OptOutStore, directory: Directory) -> None:
        self._ledger = stores.ledger
        self._lost = lost
        self._opt_outs = opt_outs
        self._acknowledge = Acknowledge(stores)
        self._directory = directory

    async def receipt(self, message: UUID, status: str) -> None:
        """What did not reach the phone is told to the coordinator, as what no channel took."""
        if is_lost(status):
            await self._lost(message)

    async def reply(self, phone: str, body: str) -> Wish:
        """Does what somebody wants, by words that carriers ask for, or by `OK` and the reference of a referral."""
        reply = read_reply(body)
        metrics.REPLIES.labels(reply.wish.value).inc()
        if reply.wish is Wish.stop:
            await self._opt_outs.stop(phone)
        elif reply.wish is Wish.start:
            await self._opt_outs.start(phone)
        elif reply.wish is Wish.seen:
            for stored in await self._ledger.sent_by_text(reply.reference):
                if self._went_to(phone, stored):
                    await self._acknowledge(stored)
        return reply.wish

    def _went_to(self, phone: str, stored: Mapping[str, Any]) -> bool:
        """Whether the number is that of whoever holds the seat: nobody acknowledges what others were told."""
        holder = self._directory.holder(seat_of(stored), stored["settled"])
        return holder.reach.target(NotificationChannel.sms) == phone
