"""What is written when the clock was set: one document with its last reading, and every query that shortens what would wait.

`clock`: `{_id: "clock", at}`, one for all instances.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from services.notifications.notices.notice import Form, NoticeStatus
from shared.delivery.errors import Unavailable
from shared.mongo import Database

_ONE = {"_id": "clock"}
_OPEN = "channel_due"
"""The index of what is open, which is few among all that there ever was."""
_A_REST = {"attempts": 0, "not_before": {"$ne": None}, "form": {"$ne": Form.storm.value}}
_NO_REST = {"$nor": [_A_REST]}
"""What waits for no hour of somebody's: an attempt that is repeated, or others that come at the same time."""


class ClockStore:
    """`lease`: how long a claim holds at most."""

    def __init__(self, database: Database, lease: timedelta) -> None:
        self._clock = database["clock"]
        self._notices = database["notices"]
        self._lease = lease

    async def last(self) -> datetime | None:
        """What the clock showed when somebody last looked."""
        found = await self._clock.find_one(_ONE)
        return found["at"] if found else None

    async def note(self, at: datetime) -> None:
        """Writes down what it shows."""
        await self._clock.update_one(_ONE, {"$set": {"at": at}}, upsert=True)

    async def shorten(self, now: datetime) -> None:
        """Makes due what was to be tried again, or was to be told with others; of claims, what is left of a lease at most."""
        until = now + self._lease
        claimed = {"status": NoticeStatus.claimed.value, "due": {"$gt": until}}
        waiting = {"status": NoticeStatus.pending.value, "due": {"$gt": now}, **_NO_REST}
        stray = {"status": NoticeStatus.grouped.value, "held": Form.storm.value, "not_before": {"$gt": now}}
        await self._write(
            [
                UpdateMany(claimed, [{"$set": {"lease.until": until, "due": until, **_fall_over(now)}}], hint=_OPEN),
                UpdateMany(waiting, [{"$set": {"due": now, **_fall_over(now)}}], hint=_OPEN),
                UpdateMany(stray, {"$set": {"not_before": now}}),
            ]
        )

    async def resting(self, now: datetime) -> AsyncIterator[dict[str, Any]]:
        """What waits for an hour of its recipient's: bundles, and notices that are told by themselves."""
        which = {"status": NoticeStatus.pending.value, "due": {"$gt": now}, **_A_REST}
        async for document in self._notices.find(which, {"outbox": 0}, hint=_OPEN):
            yield document

    async def wake(self, document: dict[str, Any], at: datetime) -> None:
        """Lets a rest end earlier, for the message and for the notices in it."""
        inside = [notice["_id"] for notice in document.get("notices", ())]
        mine = {"_id": document["_id"], "due": document["due"]}
        grouped = {"_id": {"$in": inside}, "status": NoticeStatus.grouped.value}
        await self._write(
            [
                UpdateOne(mine, [{"$set": {"due": at, "not_before": at, **_fall_over(at)}}]),
                UpdateMany(grouped, {"$set": {"not_before": at}}),
            ]
        )

    async def allow(self, more: timedelta) -> None:
        """Lets so much time pass before what is open is given up. Done twice, it is twice as long."""
        later = {"$add": ["$since", more.total_seconds() * 1000]}
        await self._write([UpdateMany({"due": {"$exists": True}}, [{"$set": {"since": later}}], hint=_OPEN)])

    async def _write(self, writes: Sequence[UpdateOne | UpdateMany]) -> None:
        try:
            await self._notices.bulk_write(list(writes), ordered=False)
        except BulkWriteError:
            raise Unavailable("mongodb: a write was not confirmed") from None


def _fall_over(due: datetime) -> dict[str, Any]:
    """As long after `due` as it was to be after the old one."""
    after = {"$max": [0, {"$subtract": ["$fall_over", "$due"]}]}
    return {"fall_over": {"$cond": [{"$gt": ["$fall_over", due]}, {"$add": [due, after]}, "$fall_over"]}}
