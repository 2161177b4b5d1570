"""The collection `audit`: entries are added and read, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo.errors import DuplicateKeyError, PyMongoError

from services.intake.audit.deed import Deed, Kind
from services.intake.seal import Seal
from shared.chain import Digest, Entry, chained
from shared.delivery.errors import Unavailable
from shared.mongo import Collection, Database

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
MOST_TRIES = 50
"""As many instances would have to be quicker, one after the other."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: all that fit every one that is given. `since` inclusive, `until` exclusive."""

    subject: str | None = None
    referral: str | None = None
    kind: Kind | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> dict[str, Any]:
        """As MongoDB has it."""
        equal = {"subject": self.subject, "referral": self.referral, "kind": self.kind}
        wanted: dict[str, Any] = {name: str(value) for name, value in equal.items() if value is not None}
        times = {"$gte": self.since, "$lt": self.until}
        if span := {name: at for name, at in times.items() if at is not None}:
            wanted["at"] = span
        return wanted


class Audit:
    """`digest`: under a secret that the database does not hold."""

    def __init__(self, database: Database, digest: Digest) -> None:
        self._entries: Collection = database["audit"]
        self.digest = digest
        self._one_at_a_time = asyncio.Lock()

    async def prepare(self) -> None:
        """The indexes that filters use; the chain itself is the primary key."""
        for name in ("subject", "referral", "at"):
            await self._entries.create_index([(name, 1), ("_id", 1)], name=name)

    async def append(self, deed: Deed) -> Entry[Deed]:
        """Journaled by a majority when this returns. Unavailable where that is not certain."""
        try:
            async with self._one_at_a_time:  # those of this instance do not have to race
                return await self._append(deed)
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None

    async def _append(self, deed: Deed) -> Entry[Deed]:
        for _ in range(MOST_TRIES):
            entry = chained(deed, await self.head(), self.digest)
            try:
                await self._entries.insert_one(_document(entry))
            except DuplicateKeyError:
                continue
            return entry
        raise Unavailable("audit: others were always quicker")

    async def head(self) -> Entry[Deed] | None:
        """The newest entry."""
        found = await self._entries.find_one(sort=[("_id", -1)])
        return _entry(found) if found else None

    async def find(self, wanted: Filter) -> AsyncIterator[Entry[Deed]]:
        """Entries, oldest first, one at a time."""
        async for document in self._entries.find(wanted.query()).sort("_id", 1):
            yield _entry(document)


def _document(entry: Entry[Deed]) -> dict[str, Any]:
    deed = entry.deed
    return {
        "_id": entry.number,
        "at": deed.at,
        "kind": str(deed.kind),
        "referral": deed.referral,
        "subject": deed.subject,
        "role": deed.role,
        "agency": deed.agency,
        "purpose": deed.purpose,
        "fields": list(deed.fields),
        "digest": entry.digest,
    }


def _entry(document: dict[str, Any]) -> Entry[Deed]:
    """Takes what it finds: where somebody changed it, the digest will say so."""
    names = ("kind", "referral", "subject", "role", "agency", "purpose")
    told = {name: str(document.get(name)) for name in names}
    deed = Deed(at=document.get("at") or _NEVER, fields=tuple(document.get("fields") or ()), **told)
    return Entry(document["_id"], deed, bytes(document.get("digest") or b""))


def audit_of(database: Database, seal: Seal) -> Audit:
    """The audit in a database; its digests are under the secret in RECEIPT_SECRET_FILE."""
    return Audit(database, lambda message: seal.digest("audit", message))
