"""Bundles in MongoDB: how notices get into one, and how they end with it.

A notice is stored first, as `grouped`, then gets into the open bundle of its place, which is one write. Killed in between, the
same notices come again (their events have not been committed), or a round of `release_strays` finds them.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from services.notifications.keeping.bundle_documents import joining, unfolding, which_is_open, which_takes
from services.notifications.keeping.documents import notice_of
from services.notifications.notices.bundle import MOST, Place
from services.notifications.notices.notice import Notice, NoticeStatus
from services.notifications.store import refused
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.mongo import Database

_TRIES = 5
_MOST_AT_ONCE = 500
_GRACE = timedelta(minutes=1)
_WAITS = {"status": NoticeStatus.grouped.value}
_PLACE = [("agency", 1), ("role", 1), ("seat", 1), ("urgency", 1), ("form", 1)]


class BundleStore:
    """The bundles, and the notices that wait for one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._notices = database["notices"]
        self._clock = clock

    async def ensure_indexes(self) -> None:
        """What the queries look with, and two rules that hold whoever writes: a place has one open bundle at most, and no
        notice is in two bundles."""
        index = self._notices.create_index
        await index(_PLACE, name="open_bundle", unique=True, partialFilterExpression={"open": True})
        a_bundle = {"form": {"$exists": True}}
        await index("notices._id", name="in_bundle", unique=True, partialFilterExpression=a_bundle)
        open_ones = a_bundle | {"due": {"$exists": True}}
        await index("notices.referral", name="bundle_referral", partialFilterExpression=open_ones)
        await index("notices.about", name="bundle_about", partialFilterExpression=open_ones)
        await index("folded", name="folded", sparse=True)
        await index("not_before", name="grouped", partialFilterExpression=_WAITS)

    async def join(self, place: Place, notices: Sequence[Notice]) -> None:
        """Puts stored notices, at most MOST, into the open bundle of their place. One that is in a bundle stays there."""
        for _ in range(_TRIES):
            within = which_takes(place, notices, MOST)
            try:
                await self._notices.update_one(within, joining(notices, self._clock()), upsert=True)
            except DuplicateKeyError:
                # The open one has no room for them; some are in a bundle already; or another instance has just begun one.
                notices = await self._outside(notices)
                if not notices:
                    return
                await self._close_where_full(place, len(notices))
            else:
                return
        raise Unavailable("mongodb: others kept changing the bundle")

    async def _outside(self, notices: Sequence[Notice]) -> list[Notice]:
        inside = await self._inside([notice.id for notice in notices])
        return [notice for notice in notices if notice.id not in inside]

    async def _inside(self, ids: Sequence[UUID]) -> set[UUID]:
        found = self._notices.find({"form": {"$exists": True}, "notices._id": {"$in": list(ids)}}, {"notices._id": 1})
        return {facts["_id"] for bundle in await found.to_list(None) for facts in bundle["notices"]}

    async def _close_where_full(self, place: Place, more: int) -> None:
        full = {**which_is_open(place), "count": {"$gt": MOST - more}}
        await self._notices.update_one(full, {"$set": {"open": False}})

    async def grouped(self, ids: Iterable[UUID]) -> list[Notice]:
        """Which of these notices wait for a bundle and are in none."""
        found = self._notices.find({"_id": {"$in": list(ids)}, **_WAITS})
        return await self._outside([notice_of(document) for document in await found.to_list(None)])

    async def release_strays(self) -> int:
        """Lets go by themselves what should have been told by now and is in no bundle; how many.

        Whoever stalls for longer than the grace between storing a notice and joining makes it be told twice, and not never.
        """
        late = {"not_before": {"$lt": self._clock() - _GRACE}, **_WAITS}
        found = await self._notices.find(late, {"_id": 1}).limit(_MOST_AT_ONCE).to_list(None)
        ids = [document["_id"] for document in found]
        stray = set(ids) - (await self._inside(ids) if ids else set())
        change = {"$set": {"status": NoticeStatus.pending.value, "due": self._clock(), "held": None}}
        return int((await self._notices.update_many({"_id": {"$in": [*stray]}, **_WAITS}, change)).modified_count)

    async def unfold(self) -> None:
        """Lets the notices of bundles that have ended end as well. Done twice, it changes nothing more."""
        # One after the other and without their events: a storm leaves many, and each holds as much as 200 notices do.
        async for bundle in self._notices.find({"folded": True}, {"outbox": 0}).batch_size(2):
            writes = [UpdateOne({"_id": id_, **_WAITS}, {"$set": change}) for id_, change in unfolding(bundle)]
            await refused(self._notices.bulk_write(writes, ordered=False))
            await self._notices.update_one({"_id": bundle["_id"]}, {"$unset": {"folded": ""}})
