"""The queries and indexes of refused events of agencies, each with the event that says so.

One document each, `{_id, agency, reason, at, outbox}`, gone after 90 days, when the record itself is long gone from its topic.
`sandbox_rejections`: of what is only tried.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from pymongo import UpdateOne

from services.routing.keeping.change import Document
from shared.mongo import Collection, Database

_KEEP_REJECTIONS = timedelta(days=90)


class Rejections:
    """What was refused, with the event that says so."""

    def __init__(self, database: Database, name: str = "rejections") -> None:
        self.collection: Collection = database[name]

    async def ensure_indexes(self) -> None:
        """Lets the database drop old ones."""
        await self.collection.create_index("at", name="old", expireAfterSeconds=int(_KEEP_REJECTIONS.total_seconds()))

    async def load(self, ids: Iterable[UUID]) -> dict[UUID, Document]:
        """The stored ones among the ids."""
        found = self.collection.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: document async for document in found}

    async def save(self, documents: Sequence[Document]) -> None:
        """Stores them; one that is there already stays as it is."""
        operations = [UpdateOne({"_id": d["_id"]}, {"$setOnInsert": dict(d)}, upsert=True) for d in documents]
        if operations:
            await self.collection.bulk_write(operations, ordered=False)
