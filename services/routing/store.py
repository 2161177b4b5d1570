"""Every MongoDB query and index of routing.

`referrals`: one document a referral (see `document`), with its outbox. `rejections`: one document a refused event of an
agency, `{_id, agency, reason, at, outbox}`, gone after 90 days, when the record itself is long gone from its topic.
"""

import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from services.routing.document import facts_from, to_document
from services.routing.referral import Referral
from shared.crash import crash_point
from shared.delivery.errors import Unavailable
from shared.events.facts import Facts
from shared.mongo import Collection, Database

Document = dict[str, Any]
_DUPLICATE_KEY = 11000
_KEEP_REJECTIONS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Change:
    """A referral to be written: its new state, the events of this change, and what was pending before it."""

    referral: Referral
    entries: Sequence[dict[str, Any]]
    pending: Sequence[dict[str, Any]] = ()

    @property
    def is_first(self) -> bool:
        """Whether the referral is new to the database."""
        return self.referral.version == 0

    def published(self) -> Document:
        """What the relay publishes: everything pending, oldest first."""
        return {"_id": self.referral.id, "outbox": [*self.pending, *self.entries]}


class Referrals:
    """The referrals of this service."""

    def __init__(self, database: Database) -> None:
        self.collection: Collection = database["referrals"]

    async def ensure_indexes(self) -> None:
        """The index of the clock loop: what is due, most urgent first. Ended referrals are not in it."""
        await self.collection.create_index([("due.rank", 1), ("due.at", 1)], name="due", sparse=True)

    async def load(self, ids: Several[UUID]) -> dict[UUID, Document]:
        """The stored documents among the ids."""
        found = await self.collection.find({"_id": {"$in": list(ids)}}).to_list(len(ids))
        return {document["_id"]: document for document in found}

    async def all_facts(self) -> AsyncIterator[tuple[UUID, Facts]]:
        """Id and facts of every referral there is."""
        async for document in self.collection.find({}, {"facts": 1}):
            yield document["_id"], facts_from(document)

    async def due(self, now: datetime, most: int) -> list[Document]:
        """Referrals with a clock that has run out, the most urgent first, then the longest overdue."""
        query = {"due.rank": {"$in": [0, 1, 2]}, "due.at": {"$lte": now}}
        return await self.collection.find(query).sort([("due.rank", 1), ("due.at", 1)]).to_list(most)

    async def save(self, changes: Sequence[Change]) -> set[UUID]:
        """Writes all in one go, each only over the version it was decided on. The ids of those that had moved on."""
        if not changes:
            return set()
        stamp = uuid.uuid4()
        crash_point("routing_before_write")
        conflicts = await self._write(changes, stamp)
        crash_point("routing_after_write")
        return conflicts

    async def _write(self, changes: Sequence[Change], stamp: UUID) -> set[UUID]:
        conflicts: set[UUID] = set()
        updates = [change.referral.id for change in changes if not change.is_first]
        try:
            result = await self.collection.bulk_write([_operation(change, stamp) for change in changes], ordered=False)
            matched = result.matched_count
        except BulkWriteError as error:
            conflicts = _duplicates(error, changes)
            matched = error.details["nMatched"]
        if matched < len(updates):
            mine = self.collection.find({"_id": {"$in": updates}, "stamp": stamp}, {"_id": 1})
            conflicts |= set(updates) - {document["_id"] async for document in mine}
        return conflicts

    async def open_clocks(self) -> list[Document]:
        """What the gauges show: for every kind of clock and agency, how many run and since when the oldest does."""
        by = {"kind": "$clocks.kind", "agency": "$clocks.agency"}
        stages: list[dict[str, Any]] = [
            {"$match": {"due.rank": {"$in": [0, 1, 2]}}},
            {"$unwind": "$clocks"},
            {"$group": {"_id": by, "count": {"$sum": 1}, "oldest": {"$min": "$clocks.started"}}},
        ]
        return await self.collection.aggregate(stages).to_list(None)


def _operation(change: Change, stamp: UUID) -> InsertOne[dict[str, Any]] | UpdateOne:
    document = to_document(change.referral)
    document["version"] += 1
    document["stamp"] = stamp
    if change.is_first:
        document["outbox"] = change.entries
        return InsertOne(document)
    unchanged = {"_id": document.pop("_id"), "version": change.referral.version}
    return UpdateOne(unchanged, {"$set": document, "$push": {"outbox": {"$each": list(change.entries)}}})


def _duplicates(error: BulkWriteError, changes: Sequence[Change]) -> set[UUID]:
    """Which of the new referrals another instance had written first. Unavailable where it is unknown what was written."""
    if error.details["writeConcernErrors"]:
        raise Unavailable("mongodb: write concern") from None
    failed = error.details["writeErrors"]
    if any(one["code"] != _DUPLICATE_KEY for one in failed):
        raise error
    return {changes[one["index"]].referral.id for one in failed}


class Rejections:
    """What was refused, with the event that says so."""

    def __init__(self, database: Database) -> None:
        self.collection: Collection = database["rejections"]

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
