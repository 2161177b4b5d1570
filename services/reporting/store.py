"""The queries and indexes of reporting's database: `cases`, one document per referral, and `freshness`.

Every part of a case is written on its own, guarded by the number that says how much of it had been folded when it was read.
So two readers can hold the same case at once, and neither overwrites what the other wrote.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from shared.delivery.errors import Transient, Unavailable
from shared.mongo import Collection, Database

LIVE: Final = "cases"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DUPLICATE_KEY: Final = 11000


@dataclass(frozen=True, slots=True)
class Change:
    """One part of one case, folded from `before` to `after`."""

    case: str
    before: int
    after: int
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that was written at `at`; whether its referral's first event has come."""

    case: str
    at: datetime
    received: bool


class Present(Exception):
    """A case that was to be added is there already."""


class Cases:
    """One collection of cases: the live one, or the one that a rebuild fills."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def ensure_indexes(self) -> None:
        """For the cases of a day of receipt, and for those that changed lately."""
        await self._collection.create_index("intake.received", name="received")
        await self._collection.create_index("changed", name="changed")

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

    async def insert(self, documents: Iterable[dict[str, Any]], at: datetime) -> None:
        """Adds cases; `at` is now, by the database's clock. Present where one is there already."""
        left = [{**document, "changed": at} for document in documents]
        for start in range(0, len(left), 1000):
            try:
                await self._collection.insert_many(left[start : start + 1000], ordered=False)
            except BulkWriteError as error:
                _moved(error)  # raises where anything else was the matter
                raise Present from None

    async def count(self) -> int:
        """How many referrals are known, from the collection's own tally: quick, and wrong for a while after a crash."""
        return int(await self._collection.estimated_document_count())

    async def count_exactly(self) -> int:
        """How many referrals are known."""
        return int(await self._collection.count_documents({}))

    async def count_without_receipt(self) -> int:
        """Referrals known by later events only: their first one has not come yet."""
        return int(await self._collection.count_documents({"intake.received": None}))

    async def received(self) -> AsyncIterator[dict[str, Any]]:
        """All cases whose first event has come."""
        # Small batches: working on one keeps the event loop, and with it the readers, waiting.
        found = self._collection.find({"intake.received": {"$ne": None}}, {"applied": 0, "changed": 0}, batch_size=200)
        async for case in found:
            yield case

    async def some(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """These cases."""
        found = self._collection.find({"_id": {"$in": list(ids)}}, {"applied": 0, "changed": 0})
        return list(await found.to_list(None))

    async def changed(self, since: datetime, until: datetime) -> AsyncIterator[Changed]:
        """Which cases were written between two moments of the database's own clock, both included, in this order."""
        span = {"changed": {"$gte": since, "$lte": until}}
        found = self._collection.find(span, {"changed": 1, "intake.received": 1}, batch_size=1000)
        async for one in found.sort("changed"):
            yield Changed(one["_id"], one["changed"], bool(one.get("intake", {}).get("received")))

    async def last_changed(self) -> datetime:
        """When a case was last written, by the database's own clock."""
        found = await self._collection.find({}, {"changed": 1}).sort("changed", -1).limit(1).to_list(1)
        return found[0].get("changed", _NEVER) if found else _NEVER

    async def clock(self) -> datetime:
        """The time by the database's own clock."""
        database = self._collection.database
        told = await database.command("hello", codec_options=database.codec_options)
        moment: datetime = told["localTime"]
        return moment

    async def identity(self) -> str | None:
        """Which collection this is: it keeps that when it is renamed, and another of the same name has another."""
        found = await self._collection.database.list_collections(filter={"name": self._collection.name})
        one = next(iter(await found.to_list(1)), None)
        return bytes(one["info"]["uuid"]).hex() if one else None


def _update(part: str, change: Change) -> UpdateOne:
    """Guarded by the number read. A part that was absent may come into being once: a second insert has a duplicate key."""
    guard: Any = change.before if change.before else {"$exists": False}
    new = {part: change.value, f"applied.{part}": change.after}
    write = {"$set": new, "$currentDate": {"changed": True}}
    return UpdateOne({"_id": change.case, f"applied.{part}": guard}, write, upsert=not change.before)


def _moved(error: BulkWriteError) -> bool:
    """False (decide again) where only duplicate keys stood in the way; Unavailable or Transient otherwise."""
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
