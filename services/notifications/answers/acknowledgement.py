"""Somebody says that they have seen a message: it is written down, and nobody is reminded of its matters any more."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notifications import metrics
from services.notifications.keeping.stores import Stores


class Acknowledge:
    """The first time counts; again, it changes nothing. Killed in between, it is whole once it is done again."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def find(self, message: UUID) -> Mapping[str, Any] | None:
        """The notice or bundle as it is stored; None where there is none."""
        return await self._stores.ledger.find(message)

    async def __call__(self, message: Mapping[str, Any]) -> None:
        """Writes it down for every notice that the message told of, ends their escalations, drops reminders not yet sent."""
        seen = told_of(message)
        await self._stores.notices.acknowledge([message["_id"], *(notice["_id"] for notice in seen)])
        ended = await self._stores.escalations.acknowledge(seen, by=message["_id"])
        await self._stores.notices.stop_about(ended)
        metrics.ESCALATIONS_ENDED.inc(len(ended))


def told_of(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The notices, as they are stored, that a notice or bundle told of."""
    return [notice for notice in message.get("notices", [message]) if not notice.get("dropped")]
