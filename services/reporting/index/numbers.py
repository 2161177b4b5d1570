"""The number of each referral, by which the index knows it: `{_id: referral, number}` in `numbers`.

Given once and kept through rebuilds, so all instances and every saved index mean the same referral by it.
"""

from collections.abc import Iterable
from typing import Any, Final

from pymongo import ReturnDocument
from pymongo.errors import BulkWriteError

from shared.mongo import Database

_DUPLICATE_KEY: Final = 11000
_NEXT: Final = {"_id": "next"}
"""The document that says which number is free; referrals' ids are UUIDs."""


class Numbers:
    """Gives them out. Several instances may ask for the same referral at once: the first one's number stands."""

    def __init__(self, database: Database) -> None:
        self._collection = database["numbers"]

    async def ensure_indexes(self) -> None:
        """No number is given twice."""
        await self._collection.create_index("number", name="number", unique=True, sparse=True)

    async def of(self, referrals: Iterable[str]) -> dict[str, int]:
        """The numbers of these, new ones where there are none yet."""
        asked = list(referrals)
        known = await self._known(asked)
        if new := [one for one in asked if one not in known]:
            await self._give(new)
            known |= await self._known(new)
        return known

    async def referrals(self, numbers: Iterable[int]) -> dict[int, str]:
        """The referrals that have these numbers."""
        found = await self._collection.find({"number": {"$in": list(numbers)}}).to_list(None)
        return {one["number"]: one["_id"] for one in found}

    async def _known(self, referrals: list[str]) -> dict[str, int]:
        found = await self._collection.find({"_id": {"$in": referrals}}).to_list(None)
        return {one["_id"]: one["number"] for one in found}

    async def _give(self, referrals: list[str]) -> None:
        taken = {"$inc": {"next": len(referrals)}}
        before: Any = await self._collection.find_one_and_update(
            _NEXT, taken, upsert=True, return_document=ReturnDocument.BEFORE
        )
        first = before["next"] if before else 0
        numbered = [{"_id": one, "number": number} for number, one in enumerate(referrals, first)]
        try:
            await self._collection.insert_many(numbered, ordered=False)
        except BulkWriteError as error:
            if any(failure["code"] != _DUPLICATE_KEY for failure in (error.details or {}).get("writeErrors", [{"code": 0}])):
                raise
