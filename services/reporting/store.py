"""The queries and indexes of reporting's database: `cases`, one document per referral, and `freshness`.

Every part of a case is written on its own, guarded by the number that says how much of it had been folded when it was read.
So two readers can hold the same case at once, and neither overwrites what the other wrote.
"""

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.clock import Clock
from shared.crash import crash_point
from shared.delivery.errors import Transient, Unavailable
from shared.mongo import Collection, Database

LIVE: Final = "cases"
NEXT: Final = "cases_next"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FOR_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
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
    """A case that was written at `at`, and when its referral was received, where that is known."""

    case: str
    at: datetime
    received: datetime | None


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
        """Adds cases that are not there yet; `at` is now."""
        left = [{**document, "changed": at} for document in documents]
        for start in range(0, len(left), 1000):
            await self._collection.insert_many(left[start : start + 1000], ordered=False)

    async def count(self) -> int:
        """How many referrals are known, from the collection's own tally: quick, and wrong for a while after a crash."""
        return int(await self._collection.estimated_document_count())

    async def count_exactly(self) -> int:
        """How many referrals are known."""
        return int(await self._collection.count_documents({}))

    async def count_without_receipt(self) -> int:
        """Referrals known by later events only: their first one has not come yet."""
        return int(await self._collection.count_documents({"intake.received": None}))

    async def received(self, since: datetime | None, until: datetime | None) -> AsyncIterator[dict[str, Any]]:
        """The cases received at or after `since` and before `until`; None leaves that side open."""
        span = {"$gte": since or _NEVER, "$lt": until or _FOR_EVER}
        # Small batches: working on one keeps the event loop, and with it the readers, waiting.
        found = self._collection.find({"intake.received": span}, {"applied": 0, "changed": 0}, batch_size=200)
        async for case in found.sort("intake.received"):
            yield case

    async def some(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """These cases."""
        found = self._collection.find({"_id": {"$in": list(ids)}}, {"applied": 0, "changed": 0})
        return list(await found.to_list(None))

    async def changed(self, since: datetime) -> list["Changed"]:
        """Which cases were written at or after a moment of the database's own clock."""
        found = self._collection.find({"changed": {"$gte": since}}, {"changed": 1, "intake.received": 1})
        return [Changed(one["_id"], one["changed"], one.get("intake", {}).get("received")) async for one in found]

    async def last_changed(self) -> datetime:
        """When a case was last written, by the database's own clock."""
        found = await self._collection.find({}, {"changed": 1}).sort("changed", -1).limit(1).to_list(1)
        return found[0].get("changed", _NEVER) if found else _NEVER


def _update(part: str, change: Change) -> UpdateOne:
    """Guarded by the number read. A part that was absent may come into being once: a second insert has a duplicate key."""
    guard: Any = change.before if change.before else {"$exists": False}
    new = {part: change.value, f"applied.{part}": change.after}
    write = {"$set": new, "$currentDate": {"changed": True}}
    return UpdateOne({"_id": change.case, f"applied.{part}": guard}, write, upsert=not change.before)


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


class Rebuilds:
    """The one rebuild that may run: `{_id: "rebuild", token, until, switching, finished}` in `rebuilds`.

    The lease expires by itself, so a rebuild that died keeps nobody out. `switching` does not: from the moment that the new
    cases take the place of the old ones until they have caught up, events may be missing that the readers have passed.
    """

    _ID: Final = {"_id": "rebuild"}
    LEASE: Final = timedelta(seconds=60)

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._collection = database["rebuilds"]
        self._clock = clock
        self._token = secrets.token_hex(8)

    async def take(self) -> bool:
        """Whether the lease is ours now."""
        now = self._clock()
        mine = {"$set": {"token": self._token, "until": now + self.LEASE}, "$setOnInsert": {"switching": False}}
        try:
            await self._collection.update_one({**self._ID, "until": {"$lte": now}}, mine, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    async def renew(self) -> bool:
        """Whether the lease is still ours, and for how long from now."""
        until = {"$set": {"until": self._clock() + self.LEASE}}
        return bool((await self._collection.update_one({**self._ID, "token": self._token}, until)).matched_count)

    async def release(self) -> None:
        """Lets the next one in at once."""
        await self._collection.update_one({**self._ID, "token": self._token}, {"$set": {"until": self._clock()}})

    async def start_fresh(self) -> Cases:
        """An empty collection to fill."""
        await self._database[NEXT].drop()
        cases = Cases(self._database[NEXT])
        await cases.ensure_indexes()
        return cases

    async def switch(self) -> None:
        """Puts the new cases in the place of the old ones, at one stroke."""
        await self._collection.update_one({**self._ID, "token": self._token}, {"$set": {"switching": True}})
        crash_point("reporting_before_switch")
        await self._database[NEXT].rename(LIVE, dropTarget=True)

    async def finish(self) -> None:
        """The new cases have caught up."""
        done = {"switching": False, "finished": self._clock(), "until": self._clock()}
        await self._collection.update_one({**self._ID, "token": self._token}, {"$set": done})

    async def state(self) -> "RebuildState":
        """How it stands now."""
        document = await self._collection.find_one(self._ID) or {}
        running = document.get("until", _NEVER) > self._clock()
        return RebuildState(running, document.get("switching", False), document.get("finished"))


@dataclass(frozen=True, slots=True)
class RebuildState:
    """`running` holds the lease; `switching` has put new cases in place that have not caught up; when it last `finished`."""

    running: bool
    switching: bool
    finished: datetime | None
