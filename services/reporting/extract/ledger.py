"""The collection `ledger`: who took an extract or looked at coded cases. Entries are added and read, and nothing else.

{_id: number, at, kind, subject, told, digest}
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from services.reporting.extract.deed import Deed, Kind
from shared.chain import Digest, Entry, chained
from shared.mongo import Database

MOST_TRIES: Final = 50


class Busy(Exception):
    """Others were always quicker."""


class Ledger:
    """`digest`: under a secret that the database does not hold."""

    def __init__(self, database: Database, digest: Digest) -> None:
        self._entries = database["ledger"]
        self.digest = digest

    async def newest(self) -> Entry[Deed] | None:
        """The last entry."""
        found = await self._entries.find_one(sort=[("_id", -1)])
        return _entry(found) if found else None

    async def add(self, deed: Deed) -> Entry[Deed]:
        """Journaled by a majority when this returns. Busy; PyMongoError where it is not certain."""
        for _ in range(MOST_TRIES):
            entry = await self.add_behind(await self.newest(), deed)
            if entry:
                return entry
        raise Busy

    async def add_behind(self, newest: Entry[Deed] | None, deed: Deed) -> Entry[Deed] | None:
        """The same, and None where the newest entry is another by now: what the deed was decided on may then have changed."""
        entry = chained(deed, newest, self.digest)
        told = {"at": deed.at, "kind": deed.kind, "subject": deed.subject, "told": dict(deed.told)}
        try:
            await self._entries.insert_one({"_id": entry.number, **told, "digest": entry.digest})
        except DuplicateKeyError:
            return None
        return entry

    async def all(self) -> AsyncIterator[Entry[Deed]]:
        """Every entry, the oldest first."""
        async for document in self._entries.find().sort("_id"):
            yield _entry(document)

    async def levels(self, partner: str, period: str) -> dict[str, int]:
        """The highest rung that each field of any extract of the partner's period ever stood on."""
        asked = {"kind": Kind.extract_taken.value, "told.partner": partner, "told.period": period}
        highest: dict[str, int] = {}
        async for document in self._entries.find(asked):
            for name, level in document["told"]["levels"].items():
                highest[name] = max(level, highest.get(name, 0))
        return highest


def _entry(document: Mapping[str, Any]) -> Entry[Deed]:
    deed = Deed(document["at"], document["kind"], document["subject"], document["told"])
    return Entry(document["_id"], deed, bytes(document["digest"]))
