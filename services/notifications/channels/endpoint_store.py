"""Which webhook addresses have said that they want no more, in MongoDB.

`endpoints`: `{_id: the address's name, gone}`, there only while it is switched off.
"""

from shared.clock import Clock
from shared.mongo import Database


class EndpointStore:
    """An address that answered 410 is left alone until somebody checks it again by command."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._endpoints = database["endpoints"]
        self._clock = clock

    async def is_off(self, endpoint: str) -> bool:
        """Whether it is switched off."""
        return await self._endpoints.find_one({"_id": endpoint}) is not None

    async def switch_off(self, endpoint: str) -> None:
        """It has answered that it is gone."""
        await self._endpoints.update_one({"_id": endpoint}, {"$setOnInsert": {"gone": self._clock()}}, upsert=True)

    async def switch_on(self, endpoint: str) -> None:
        """It has answered a validation."""
        await self._endpoints.delete_one({"_id": endpoint})
