"""Somebody says that they have seen a notice: it is written down, and nobody is reminded of its matter any more."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notifications import metrics
from services.notifications.escalation_store import EscalationStore
from services.notifications.store import NoticeStore


class Acknowledge:
    """The first time counts; again, it changes nothing. Killed in between, it is whole once it is done again."""

    def __init__(self, notices: NoticeStore, escalations: EscalationStore) -> None:
        self._notices = notices
        self._escalations = escalations

    async def find(self, notice: UUID) -> Mapping[str, Any] | None:
        """The notice as it is stored; None where there is none."""
        return await self._notices.find(notice)

    async def __call__(self, notice: Mapping[str, Any]) -> None:
        """Writes it down, ends the escalation, drops reminders that have not been sent yet."""
        await self._notices.acknowledge(notice["_id"])
        ended = await self._escalations.acknowledge(notice)
        await self._notices.stop_about(ended)
        metrics.ESCALATIONS_ENDED.inc(len(ended))
