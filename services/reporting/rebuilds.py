"""Which rebuild may run, and how far it has come: the document `rebuild` in `rebuilds`."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pymongo.errors import DuplicateKeyError

from services.reporting.store import LIVE, Cases
from shared.clock import Clock
from shared.crash import crash_point
from shared.mongo import Database

NEXT: Final = "cases_next"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


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
