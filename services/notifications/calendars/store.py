"""Calendars as they were last read from their addresses, in MongoDB: for when an address does not answer, and for commands.

`calendars`: `{_id: the schedule's name, source, text, etag, read}`. `source` is a hash of the address, which may be a secret.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from shared.clock import Clock
from shared.mongo import Database


class Kept(NamedTuple):
    """A calendar that could be used. `read`: when its address last said that this is how it is."""

    text: bytes
    etag: str
    read: datetime


class CalendarStore:
    """The last good version of each."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._calendars = database["calendars"]
        self._clock = clock

    async def find(self, addresses: Mapping[str, str]) -> dict[str, Kept]:
        """By schedule; those that came from another address than the schedule has now are left out."""
        found = self._calendars.find({"_id": {"$in": [*addresses]}})
        return {
            one["_id"]: Kept(one["text"], one["etag"], one["read"])
            async for one in found
            if one["source"] == _source(addresses[one["_id"]])
        }

    async def keep(self, schedule: str, address: str, text: bytes, etag: str) -> datetime:
        """Keeps what was read, and returns when that was."""
        read = self._clock()
        what: dict[str, Any] = {"source": _source(address), "text": text, "etag": etag, "read": read}
        await self._calendars.replace_one({"_id": schedule}, what, upsert=True)
        return read

    async def confirm(self, schedule: str) -> datetime:
        """It is still as it was; returns when that was said."""
        await self._calendars.update_one({"_id": schedule}, {"$set": {"read": (read := self._clock())}})
        return read


def _source(address: str) -> str:
    return sha256(address.encode()).hexdigest()
