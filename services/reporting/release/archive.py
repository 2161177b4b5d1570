"""Frozen figures: what was worked out for a period once, kept for ever as the bytes that it was.

    {_id: {period, audience, version}, sha256, frozen_at, newest_event, changes, content}

`content` is canonical JSON. A version is written once; another one can only be added.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.reporting.reports.access import Audience
from shared.mongo import Database


@dataclass(frozen=True)
class Frozen:
    """One version. `changes`: what differs from the one before it."""

    period: str
    audience: Audience
    version: int
    content: bytes
    frozen_at: datetime
    newest_event: datetime | None
    changes: Sequence[Mapping[str, Any]] = ()

    @property
    def sha256(self) -> str:
        """What tells whether the bytes are still the same."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def said(self) -> dict[str, Any]:
        """The content, read."""
        read: dict[str, Any] = json.loads(self.content)
        return read

    def about(self) -> dict[str, Any]:
        """What it is, without its figures."""
        return {
            "period": self.period,
            "audience": self.audience.value,
            "version": self.version,
            "sha256": self.sha256,
            "frozen_at": self.frozen_at.isoformat(),
            "newest_event": self.newest_event.isoformat() if self.newest_event else None,
            "changes": list(self.changes),
        }


class Archive:
    """All that was frozen."""

    def __init__(self, database: Database) -> None:
        self._collection = database["frozen"]

    async def add(self, frozen: Frozen) -> bool:
        """Keeps a version; False where there is one of this number already."""
        key = {"period": frozen.period, "audience": frozen.audience.value, "version": frozen.version}
        document = frozen.about() | {"content": frozen.content, "frozen_at": frozen.frozen_at}
        del document["period"], document["audience"], document["version"]
        document["newest_event"] = frozen.newest_event
        done = await self._collection.update_one({"_id": key}, {"$setOnInsert": document}, upsert=True)
        return done.upserted_id is not None

    async def latest(self, period: str, audience: Audience) -> Frozen | None:
        """The newest version of a period."""
        found = [one for one in await self.versions(audience) if one.period == period]
        return max(found, key=lambda one: one.version, default=None)

    async def version(self, period: str, audience: Audience, version: int) -> Frozen | None:
        """One version of a period."""
        found = await self._collection.find_one({"_id": {"period": period, "audience": audience.value, "version": version}})
        return _read(found) if found else None

    async def versions(self, audience: Audience) -> list[Frozen]:
        """Every version of every period, the oldest first."""
        found = self._collection.find({"_id.audience": audience.value}).sort("_id")
        return [_read(one) async for one in found]


def _read(document: Mapping[str, Any]) -> Frozen:
    key = document["_id"]
    return Frozen(
        key["period"],
        Audience(key["audience"]),
        key["version"],
        bytes(document["content"]),
        document["frozen_at"],
        document["newest_event"],
        document["changes"],
    )
