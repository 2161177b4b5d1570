"""The queries and indexes of referrals: one document each (see `document`), with its outbox; `sandbox`: what is only tried."""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Collection as Several
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pymongo.errors import BulkWriteError

from services.routing.keeping.archive import Archive
from services.routing.keeping.change import Change, Document
from services.routing.keeping.document import facts_from, likely_from
from services.routing.keeping.queues import Look
from services.routing.keeping.writing import duplicates, operations
from services.routing.life.referral import Likely
from shared.crash import crash_point
from shared.events.facts import Facts
from shared.mongo import Collection, Database
from shared.vocabulary import Town

_OPEN = {"desk.queues": {"$exists": True}}
_DESK_INDEXES = {
    "towns": [("desk.queues", 1), ("desk.town", 1), ("desk.key", 1), ("desk.type", 1), ("desk.age", 1)],
    "asked": [("desk.queues", 1), ("desk.asked", -1)],
}
_TOWNS = [town.value for town in Town]
"""Every one there is: one index, by town, serves with and without a town; the database merges what it finds for each.

It is told which index: left to itself it may choose another one for a queue that is empty now, and sort all of it later."""
_NOT_IN_A_LIST = {"outbox": 0, "history": 0, "answered": 0}


class Referrals:
    """The referrals of this service, or those of the sandbox, which end with their day: `keep` is how long one is kept."""

    def __init__(self, database: Database, name: str = "referrals", keep: timedelta | None = None) -> None:
        self.collection: Collection = database[name]
        self._keep = keep
        self._archive = Archive(database["history" if name == "referrals" else f"{name}_history"])

    async def ensure_indexes(self) -> None:
        """`due` is the clock loop's: what is due, most urgent first. The desk's hold referrals that have not ended, so that
        they stay as small as the work at hand, whatever was stored before. Nobody looks for the sandbox's at a desk.
        """
        await self.collection.create_index([("due.rank", 1), ("due.at", 1)], name="due", sparse=True)
        await self._archive.ensure_indexes()
        if self._keep:
            await self.collection.create_index("received", name="old", expireAfterSeconds=int(self._keep.total_seconds()))
            return
        for name, keys in _DESK_INDEXES.items():
            await self.collection.create_index(keys, name=name, partialFilterExpression=_OPEN)
        await self.collection.create_index("duplicate_of", name="duplicates", sparse=True)
        await self.collection.create_index("likely.referral", name="likely_duplicates", sparse=True)

    async def load(self, ids: Several[UUID]) -> dict[UUID, Document]:
        """The stored documents among the ids."""
        found = await self.collection.find({"_id": {"$in": list(ids)}}).to_list(len(ids))
        return {document["_id"]: document for document in found}

    async def count(self) -> int:
        """How many there are, about."""
        return await self.collection.estimated_document_count()

    async def all_facts(self) -> AsyncIterator[tuple[UUID, Facts]]:
        """Id and facts of every referral there is."""
        async for document in self.collection.find({}, {"facts": 1}):
            yield document["_id"], facts_from(document)

    async def due(self, now: datetime, most: int) -> list[Document]:
        """Referrals with a clock that has run out, the most urgent first, then the longest overdue."""
        query = {"due.rank": {"$in": [0, 1, 2]}, "due.at": {"$lte": now}}
        return await self.collection.find(query).sort([("due.rank", 1), ("due.at", 1)]).to_list(most)

    async def save(self, changes: Sequence[Change], stamp: UUID) -> set[UUID]:
        """Writes all in one go, each only over the version it was decided on. The ids of those that had moved on.

        `stamp`: of this write alone. It tells afterwards which documents it wrote, and that nobody has since.
        """
        if not changes:
            return set()
        crash_point("routing_before_write")
        await self._archive.set_aside(changes)
        conflicts = await self._write(changes, stamp)
        crash_point("routing_after_write")
        return conflicts

    async def history(self, document: Document, versions: range) -> list[Document]:
        """The entries of these versions, newest first: those beside the referral, and those set aside."""
        beside = document.get("history", [])
        aside = min([versions.stop, *(one["version"] for one in beside)])
        older = await self._archive.entries(document["_id"], range(versions.start, aside))
        entries = [*older, *(one for one in beside if one["version"] in versions)]
        return sorted(entries, key=lambda one: one["version"], reverse=True)

    async def queue(self, look: Look, most: int) -> list[Document]:
        """Referrals in a queue, in its order, from the place on where the look begins."""
        found: list[Document] = await self._look(look, most).to_list(most)
        return found

    async def plan(self, look: Look, most: int) -> Document:
        """How the database finds it: for the tests."""
        found: Document = await self._look(look, most).explain()
        return dict(found["queryPlanner"]["winningPlan"])

    def _look(self, look: Look, most: int) -> Any:
        conditions: list[Document] = [{"desk.queues": {"$in": list(words)}} for words in look.words]
        conditions += [{f"desk.{name}": value} for name, value in look.having.items()]
        order, beyond = (("desk.asked", -1), "$lt") if look.newest_first else (("desk.key", 1), "$gt")
        if not look.newest_first and "town" not in look.having:
            conditions.append({"desk.town": {"$in": _TOWNS}})
        if look.after:
            conditions.append({order[0]: {beyond: look.after}})
        found = self.collection.find({"$and": conditions}, _NOT_IN_A_LIST).sort([order]).limit(most)
        return found.hint("asked" if look.newest_first else "towns")

    async def duplicates(self, id_: UUID) -> list[UUID]:
        """The referrals that are linked to this one as probably the same case."""
        found = self.collection.find({"duplicate_of": id_}, {"_id": 1}).limit(100)
        return [document["_id"] async for document in found]

    async def likely_duplicates(self, id_: UUID) -> list[Likely]:
        """The later referrals that intake found likely to be the same as this one."""
        found = self.collection.find({"likely.referral": id_}, {"likely.$": 1}).limit(100)
        return [likely_from(one["likely"][0])._replace(referral=one["_id"]) async for one in found]

    async def _write(self, changes: Sequence[Change], stamp: UUID) -> set[UUID]:
        conflicts: set[UUID] = set()
        updates = [change.referral.id for change in changes if not change.is_first]
        try:
            result = await self.collection.bulk_write(operations(changes, stamp), ordered=False)
            matched = result.matched_count
        except BulkWriteError as error:
            conflicts = duplicates(error, changes)
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
