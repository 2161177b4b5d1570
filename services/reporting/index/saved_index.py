"""The index as it was some minutes ago, kept in the database so that a start need not read every case.

    {_id: "head", meaning, cases, parts, count, watermark}
    {_id: {of: parts, number: n}, sets: [[kind, name, member, bytes]]}

It can be thrown away at any time. `meaning` is a digest of the code that says in which sets a case is: another version does not
use what this one has saved. `cases`: of which collection it is.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from services.reporting.index.index import Index
from shared import vocabulary
from shared.mongo import Database

PART_BYTES: Final = 4 * 2**20
"""About how large a document becomes; MongoDB takes up to four times that."""
HEAD: Final = {"_id": "head"}
TRIES: Final = 3
"""How often a load begins anew where another instance has just put its own in the place of what is read."""


@dataclass(frozen=True)
class Mark:
    """What an index must be of to be of use."""

    meaning: str
    cases: str | None


def meaning(zone: ZoneInfo) -> str:
    """A digest of all of reporting's code, of the terms, and of the zone: rather too much than too little."""
    digest = hashlib.sha256(zone.key.encode())
    for folder in (Path(__file__).parents[1], Path(vocabulary.__file__).parent):
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


class SavedIndex:
    """The one that was saved last, by whichever instance."""

    def __init__(self, database: Database) -> None:
        self._collection = database["saved_index"]

    async def save(self, index: Index, mark: Mark, watermark: datetime) -> None:
        """Puts it in the place of the one before. `watermark`: every write up to then is in it, by the database's clock."""
        token, count = secrets.token_hex(8), 0
        for part in _parts(index):
            await self._collection.insert_one({"_id": {"of": token, "number": count}, "sets": part})
            count += 1
        head = {"meaning": mark.meaning, "cases": mark.cases, "parts": token, "count": count, "watermark": watermark}
        await self._collection.replace_one(HEAD, head, upsert=True)
        await self._collection.delete_many({"_id": {"$ne": "head"}, "_id.of": {"$ne": token}})

    async def load(self, mark: Mark) -> tuple[Index, datetime] | None:
        """The index and its watermark; None where there is none of the mark, or none that is whole."""
        for _ in range(TRIES):
            head = await self._collection.find_one(HEAD)
            if head is None or Mark(head["meaning"], head.get("cases")) != mark:
                return None
            index = Index()
            if await self._read(index, head) == head["count"]:
                return index, head["watermark"]
        return None

    async def _read(self, index: Index, head: Any) -> int:
        """How many parts there were."""
        count = 0
        async for part in self._collection.find({"_id.of": head["parts"]}, batch_size=1):
            count += 1
            for kind, name, member, members in part["sets"]:
                index.add((kind, tuple(name), member), BitMap.deserialize(members))
        return count


def _parts(index: Index) -> Iterator[list[Any]]:
    part: list[Any] = []
    size = 0
    for (kind, name, member), members in index.every():
        part.append([kind, list(name), member, members.serialize()])
        size += len(part[-1][-1]) + 100
        if size > PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part
