"""What happened to a referral long ago, an entry a document: `{_id: {referral, version, place}, referral, version, entry}`."""

from collections.abc import Sequence
from uuid import UUID

from pymongo import UpdateOne

from services.routing.keeping.change import Change, Document
from shared.mongo import Collection


class Archive:
    """Entries that have become too many to stay with their referral."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def ensure_indexes(self) -> None:
        """By referral, in the order of its life."""
        await self._collection.create_index([("referral", 1), ("version", 1)], name="history")

    async def set_aside(self, changes: Sequence[Change]) -> None:
        """Copies old entries, before the write that cuts them. Doing it twice does no harm."""
        operations = [
            UpdateOne(
                {"_id": {"referral": change.referral.id, "version": one["version"], "place": place}},
                {"$setOnInsert": {"referral": change.referral.id, "version": one["version"], "entry": one}},
                upsert=True,
            )
            for change in changes
            for place, one in enumerate(change.archive)
        ]
        if operations:
            await self._collection.bulk_write(operations, ordered=False)

    async def entries(self, referral: UUID, versions: range) -> list[Document]:
        """Those of these versions that were set aside."""
        found = self._collection.find({"referral": referral, "version": {"$gte": versions.start, "$lt": versions.stop}})
        return [one["entry"] async for one in found]
