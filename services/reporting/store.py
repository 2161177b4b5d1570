"""The queries and indexes of reporting's database: `cases`, one document per referral, and `freshness`.

Every part of a case is written on its own, guarded by the number that says how much of it had been folded when it was read.
So two readers can hold the same case at once, and neither overwrites what the other wrote.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from shared.delivery.errors import Transient, Unavailable
from shared.mongo import Collection, Database

LIVE = "cases"
_DUPLICATE_KEY = 11000


@dataclass(frozen=True, slots=True)
class Change:
    """One part of one case, folded from `before` to `after`."""

    case: str
    before: int
    after: int
    value: Mapping[str, Any]


class Cases:
    """One collection of cases: the live one, or the one that a rebuild fills."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def ensure_indexes(self) -> None:
        """For reports by the day of receipt."""
        await self._collection.create_index("intake.received", name="received")

    async def load(self, part: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """One part of many cases, by referral; those without a document are absent."""
        found = self._collection.find({"_id": {"$in": list(ids)}}, {f"applied.{part}": 1, part: 1})
        return {document["_id"]: document for document in await found.to_list(None)}

    async def save(self, part: str, changes: Sequence[Change]) -> bool:
        """Writes the changes; False where a part had moved since it was read. What did fit is then written all the same."""
        try:
            result = await self._collection.bulk_write([_update(part, change) for change in changes], ordered=False)
        except BulkWriteError as error:
            return _moved(error)
        return result.matched_count + len(result.upserted_ids or ()) == len(changes)

    async def count(self) -> int:
        """How many referrals are known, from the collection's own tally."""
        return int(await self._collection.estimated_document_count())

    async def count_without_receipt(self) -> int:
        """Referrals known by later events only: their first one has not come yet."""
        return int(await self._collection.count_documents({"intake.received": None}))

    async def received(self, since: datetime | None, until: datetime | None) -> AsyncIterator[dict[str, Any]]:
        """The cases received at or after `since` and before `until`; None leaves that side open."""
        span = {"$gte": since or datetime.min, "$lt": until or datetime.max}  # noqa: DTZ901  # BSON's whole range
        async for case in self._collection.find({"intake.received": span}, {"applied": 0}, batch_size=1000):
            yield case


def _update(part: str, change: Change) -> UpdateOne:
    """Guarded by the number read. A part that was absent may come into being once: a second insert has a duplicate key."""
    guard: Any = change.before if change.before else {"$exists": False}
    new = {part: change.value, f"applied.{part}": change.after}
    return UpdateOne({"_id": change.case, f"applied.{part}": guard}, {"$set": new}, upsert=not change.before)


def _moved(error: BulkWriteError) -> bool:
    """False (decide again) where only duplicate keys stood in the way."""
    details = error.details or {}
    if details.get("writeConcernErrors"):
        raise Unavailable("mongodb: write not confirmed") from None
    if any(failure["code"] != _DUPLICATE_KEY for failure in details["writeErrors"]):
        raise Transient("mongodb: a write was refused") from None
    return False


class Freshness:
    """The time of the newest event folded from each topic: `{_id: part, newest}`."""

    def __init__(self, database: Database) -> None:
        self._collection = database["freshness"]

    async def note(self, part: str, newest: datetime) -> None:
        """Moves the part's moment forward, never back."""
        await self._collection.update_one({"_id": part}, {"$max": {"newest": newest}}, upsert=True)

    async def newest(self) -> dict[str, datetime]:
        """The moments, by part; a part of which nothing came is absent."""
        return {document["_id"]: document["newest"] async for document in self._collection.find()}
