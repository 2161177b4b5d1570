"""Reading the cases twice as of one moment (MongoDB's snapshot sessions): what is counted is what is then told."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

from shared.mongo import Collection

LEFT_OUT: Final = dict.fromkeys(("applied", "changed", "delivered", "activity.agencies", "activity.clocks"), 0)
"""Parts of a case that no record tells of."""


class Reading:
    """The cases as they were at the first reading. For five minutes: MongoDB remembers no longer (PyMongoError then)."""

    def __init__(self, collection: Collection, session: Any) -> None:
        self._collection = collection
        self._session = session

    async def received(self, since: datetime, until: datetime) -> AsyncIterator[dict[str, Any]]:
        """Those received at or after `since` and before `until`."""
        span = {"intake.received": {"$gte": since, "$lt": until}}
        async for case in self._collection.find(span, LEFT_OUT, session=self._session, batch_size=200):
            yield case

    async def some(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """These, by referral."""
        found = self._collection.find({"_id": {"$in": list(ids)}}, LEFT_OUT, session=self._session)
        return {case["_id"]: case async for case in found}


@asynccontextmanager
async def at_one_moment(collection: Collection) -> AsyncIterator[Reading]:
    """A reading of the collection."""
    async with await collection.database.client.start_session(snapshot=True) as session:
        yield Reading(collection, session)
