"""The collections `attachments`, a document for each file, and `attachment_chunks`, its ciphertext in pieces."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pymongo.errors import DuplicateKeyError, PyMongoError

from services.intake.attachments.chunks import Chunk, Place
from services.intake.attachments.refusal import Refused, Why
from shared.delivery.errors import Unavailable
from shared.mongo import Database


class State(StrEnum):
    """How far a file is. `waiting`: stored whole, no scanner has seen it yet."""

    arriving = "arriving"
    waiting = "waiting"
    clean = "clean"
    harmful = "harmful"


@dataclass(frozen=True, slots=True)
class Stored:
    """`sealed`: what there is to know of the file, encrypted by the vault."""

    id: UUID
    referral: UUID
    state: State
    at: datetime
    sealed: bytes


class SameKey(Exception):
    """A file that came with this idempotency key is stored already."""


class AttachmentStore:
    """Every method: Unavailable where the database is away, or what it did is not certain."""

    def __init__(self, database: Database) -> None:
        self._files = database["attachments"]
        self._chunks = database["attachment_chunks"]

    async def prepare(self) -> None:
        """The indexes. `place` is what bounds the files of a referral: two never have the same."""
        await self._files.create_index([("referral", 1), ("place", 1)], name="place", unique=True)
        await self._files.create_index([("state", 1), ("at", 1)], name="state")
        await self._files.create_index("untold", name="untold", sparse=True)
        has_one = {"key": {"$exists": True}}
        await self._files.create_index("key", name="key", unique=True, partialFilterExpression=has_one)

    async def begin(self, referral: UUID, attachment: UUID, at: datetime, most: int) -> None:
        """Takes one of the referral's places: what is left behind is found by it. Refused where none is free."""
        with certain():
            taken = set(await self._files.distinct("place", {"referral": str(referral)}))
            for place in (place for place in range(most) if place not in taken):
                new = {"_id": str(attachment), "referral": str(referral), "place": place, "state": State.arriving, "at": at}
                try:
                    await self._files.insert_one(new)
                except DuplicateKeyError:
                    continue
                return
        raise Refused(Why.too_many)

    async def put(self, place: Place, chunk: Chunk) -> None:
        """One piece of a file that is arriving."""
        with certain():
            await self._chunks.insert_one({"_id": f"{_prefix(place)}{chunk.number:06}", "data": chunk.stored})

    async def chunks(self, place: Place) -> AsyncIterator[bytes]:
        """The ciphertext, in order, as far as it is there."""
        found = self._chunks.find({"_id": _below(_prefix(place))}, batch_size=4).sort("_id", 1)
        with certain():
            async for document in found:
                yield document["data"]

    async def complete(self, attachment: UUID, sealed: bytes, key: bytes | None) -> bool:
        """From now on it is there, and somebody has to be told. False where it was taken away, with its referral. SameKey."""
        change: dict[str, Any] = {"state": State.waiting, "sealed": sealed, "untold": True} | ({"key": key} if key else {})
        with certain():
            try:
                done = await self._files.update_one({"_id": str(attachment), "state": State.arriving}, {"$set": change})
            except DuplicateKeyError:
                raise SameKey from None
        return bool(done.matched_count)

    async def of(self, referral: UUID) -> list[Stored]:
        """Every file of a referral that is stored whole, in the order in which they came."""
        wanted = {"referral": str(referral), "state": {"$ne": State.arriving}}
        with certain():
            return [_stored(document) async for document in self._files.find(wanted).sort("at", 1)]

    async def one(self, referral: UUID, attachment: UUID) -> Stored | None:
        """One of them."""
        return await self._find({"_id": str(attachment), "referral": str(referral), "state": {"$ne": State.arriving}})

    async def by_key(self, key: bytes) -> Stored | None:
        """The one that came with an idempotency key."""
        return await self._find({"key": key})

    async def waiting(self, after: datetime | None = None) -> Stored | None:
        """The oldest that waits for a scanner; of those that came after a time."""
        later = {"at": {"$gt": after}} if after else {}
        return await self._find({"state": State.waiting} | later, sort=[("at", 1)])

    async def judge(self, attachment: UUID, state: State) -> None:
        """What a scanner said. The first verdict stays."""
        with certain():
            await self._files.update_one({"_id": str(attachment), "state": State.waiting}, {"$set": {"state": state}})

    async def discard(self, attachment: UUID) -> None:
        """Deletes it; the document last, as what is left behind is found by it."""
        with certain():
            await self._chunks.delete_many({"_id": _below(f"{attachment}.")})
            await self._files.delete_one({"_id": str(attachment)})

    async def told(self, referral: UUID) -> None:
        """Whoever has to know of the referral's files knows."""
        with certain():
            await self._files.update_many({"referral": str(referral), "untold": True}, {"$unset": {"untold": ""}})

    async def untold(self, before: datetime) -> set[UUID]:
        """Referrals with files from before then of which nobody was told."""
        with certain():
            return {UUID(one) for one in await self._files.distinct("referral", {"untold": True, "at": {"$lt": before}})}

    async def left_behind(self, before: datetime) -> list[UUID]:
        """What began to arrive before then and never did."""
        with certain():
            return [UUID(one["_id"]) async for one in self._files.find({"state": State.arriving, "at": {"$lt": before}})]

    async def count(self, referral: str) -> int:
        """How many files a referral has, arriving ones too."""
        with certain():
            return await self._files.count_documents({"referral": referral})

    async def erase(self, referral: str) -> None:
        """Deletes all that a referral has; their documents last, and together, so that they can be counted until then."""
        with certain():
            for attachment in await self._files.distinct("_id", {"referral": referral}):
                await self._chunks.delete_many({"_id": _below(f"{attachment}.")})
            await self._files.delete_many({"referral": referral})

    async def _find(self, wanted: dict[str, Any], **how: Any) -> Stored | None:
        with certain():
            found = await self._files.find_one(wanted, **how)
        return _stored(found) if found else None


def _prefix(place: Place) -> str:
    return f"{place.attachment}.{place.part}."


def _below(prefix: str) -> dict[str, str]:
    """Every id that begins so: `/` is the character after `.`."""
    return {"$gte": prefix, "$lt": f"{prefix[:-1]}/"}


def _stored(document: dict[str, Any]) -> Stored:
    return Stored(
        UUID(document["_id"]), UUID(document["referral"]), State(document["state"]), document["at"], document["sealed"]
    )


@contextmanager
def certain() -> Iterator[None]:
    """Every failure of the database as Unavailable."""
    try:
        yield
    except PyMongoError as error:
        raise Unavailable(f"mongodb: {type(error).__name__}") from None
