"""The collection `traits`: each referral's digests, and which referrals are still to be compared."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pymongo import ReturnDocument

from services.intake.duplicates.likeness import LIKELY, Likeness, likeness
from services.intake.duplicates.traits import Kind
from shared.events.envelope import Event
from shared.mongo import Database
from shared.outbox import pending

MOST = 200
"""So many referrals are looked at: a trait that more share says nothing."""
AT_ONCE = 50
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Waiting(NamedTuple):
    """A referral that was not compared yet."""

    referral: str
    since: datetime


def document(referral: str, digests: Mapping[bytes, Kind], at: datetime) -> dict[str, Any]:
    """What is stored of a referral. `waiting`: since when it is to be compared; goes away then."""
    told = [{"digest": digest, "kind": kind.value} for digest, kind in digests.items()]
    return {"_id": referral, "traits": told, "waiting": at}


class Duplicates:
    """Finds those that share traits with a referral, and stores that it was told of."""

    def __init__(self, database: Database) -> None:
        self._traits = database["traits"]
        self._referrals = database["referrals"]

    async def prepare(self) -> None:
        """The indexes that are searched."""
        await self._traits.create_index("traits.digest", name="digest")
        await self._traits.create_index("waiting", name="waiting", sparse=True)

    async def like(self, referral: str) -> list[Likeness]:
        """The likely ones, the likeliest first."""
        own = await self._traits.find_one({"_id": referral})
        mine = {one["digest"] for one in own["traits"]} if own else set()
        others = self._traits.find({"traits.digest": {"$in": list(mine)}, "_id": {"$ne": referral}}).limit(MOST)
        found = [
            likeness(UUID(other["_id"]), {Kind(one["kind"]) for one in other["traits"] if one["digest"] in mine})
            async for other in others
        ]
        return sorted((one for one in found if one.score >= LIKELY), key=lambda one: -one.score)

    async def waiting(self) -> list[Waiting]:
        """Some that are still to be compared, the oldest first."""
        found = self._traits.find({"waiting": {"$gt": _EVER}}, {"waiting": 1}).sort("waiting", 1).limit(AT_ONCE)
        return [Waiting(one["_id"], one["waiting"]) async for one in found]

    async def compared(self, referral: str) -> None:
        """It waits no more."""
        await self._traits.update_one({"_id": referral}, {"$unset": {"waiting": ""}})

    async def untold(self, referral: str) -> dict[str, Any] | None:
        """{_id, version, sequence, correlation_id}; None where its duplicates were told of already."""
        wanted = {"_id": referral, "duplicates_told": {"$exists": False}}
        return await self._referrals.find_one(wanted, {"version": 1, "sequence": 1, "correlation_id": 1})

    async def tell(self, told: Mapping[str, Any], event: Event, topic: str) -> dict[str, Any] | None:
        """Stores the event with the referral, and gives the document; None where that changed meanwhile."""
        update = {
            "$set": {"sequence": event.sequence, "duplicates_told": event.time},
            "$inc": {"version": 1},
            "$push": {"outbox": pending(event, [topic], event.time)},
        }
        unchanged = {"_id": told["_id"], "version": told["version"]}
        return await self._referrals.find_one_and_update(unchanged, update, return_document=ReturnDocument.AFTER)
