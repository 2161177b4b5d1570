"""When drills were made, in MongoDB.

`drills`: `{_id, at, messages}`. One that tried a single agency is not kept: it does not stand for all.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.mongo import Database


class DrillStore:
    """Every drill of all desks."""

    def __init__(self, database: Database) -> None:
        self._drills = database["drills"]

    async def add(self, drill: UUID, at: datetime, messages: int) -> None:
        """Its messages are on their way."""
        await self._drills.insert_one({"_id": drill, "at": at, "messages": messages})

    async def last(self) -> datetime | None:
        """When the last one was; None before the first."""
        found: dict[str, Any] | None = await self._drills.find_one(sort=[("at", -1)])
        return found["at"] if found else None
