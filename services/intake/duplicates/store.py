"""The collection `traits`: each referral's digests."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.intake.duplicates.likeness import LIKELY, Likeness, likeness
from services.intake.duplicates.traits import Kind
from shared.mongo import Database

MOST = 200
"""So many referrals are looked at: a trait that more share says nothing."""


def document(referral: str, digests: Mapping[bytes, Kind]) -> dict[str, Any]:
    """What is stored of a referral."""
    return {"_id": referral, "traits": [{"digest": digest, "kind": kind.value} for digest, kind in digests.items()]}


class Duplicates:
    """Finds those that share traits with a referral."""

    def __init__(self, database: Database) -> None:
        self._traits = database["traits"]

    async def prepare(self) -> None:
        """The index that is searched."""
        await self._traits.create_index("traits.digest", name="digest")

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
