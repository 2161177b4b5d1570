"""The codes of which the slow hash is still to be made."""

from dataclasses import dataclass
from datetime import UTC, datetime

from shared.mongo import Collection

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`message`: what is to be hashed. `since`: when the code was given out."""

    referral: str
    message: bytes
    since: datetime


class ReceiptStore:
    """The field `receipt` of the collection `referrals`."""

    def __init__(self, referrals: Collection) -> None:
        self._referrals = referrals

    async def prepare(self) -> None:
        """The indexes by which a referral is found, and those that wait."""
        present = {"receipt.find": {"$exists": True}}
        await self._referrals.create_index("receipt.find", name="receipt_find", unique=True, partialFilterExpression=present)
        await self._referrals.create_index("receipt.since", name="receipt_since", sparse=True)

    async def waiting(self, most: int) -> list[Waiting]:
        """The longest waiting first."""
        found = self._referrals.find({"receipt.since": {"$gt": _EVER}}, {"receipt": 1}).sort("receipt.since", 1).limit(most)
        return [Waiting(one["_id"], one["receipt"]["waits"], one["receipt"]["since"]) async for one in found]

    async def came_since(self, moment: datetime) -> bool:
        """Whether a code that waits was given out since then."""
        return await self._referrals.find_one({"receipt.since": {"$gte": moment}}, {"_id": 1}) is not None

    async def proven(self, waiting: Waiting, proof: str) -> None:
        """Puts the hash in its place. Done twice, the second has no effect."""
        change = {"$set": {"receipt.proof": proof}, "$unset": {"receipt.waits": "", "receipt.since": ""}}
        await self._referrals.update_one({"_id": waiting.referral, "receipt.waits": waiting.message}, change)
