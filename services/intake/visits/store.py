"""Finding a referral by its receipt code's digest, and changing it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pymongo import ReturnDocument
from pymongo.errors import PyMongoError

from services.intake.visits.visit import Change, Told
from shared.delivery.errors import Unavailable
from shared.events.facts import Facts
from shared.mongo import DURABLE, Collection
from shared.outbox import pending

_SEEN = {"outbox": 0, "idempotency": 0, "receipt": 0, "messages": 0}
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """A referral's messages, encrypted, in their order. `count`: how many there have to be."""

    sealed: dict[UUID, bytes]
    count: int
    destroyed: bool


class VisitStore:
    """The collection `referrals`, as far as its reporters are concerned. `patience`: seconds."""

    def __init__(self, referrals: Collection, topic: str, patience: float) -> None:
        self._referrals = referrals.with_options(write_concern=DURABLE)
        self._topic = topic
        self._patience_ms = int(patience * 1000)

    async def receipt(self, finding: bytes) -> tuple[UUID, dict[str, Any]] | None:
        """The referral that a code's first half finds, and what proves the rest. Unavailable."""
        try:
            found = await self._referrals.find_one({"receipt.find": finding}, {"receipt": 1}, max_time_ms=self._patience_ms)
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
        return (UUID(found["_id"]), found["receipt"]) if found else None

    async def by_id(self, referral: UUID) -> Told | None:
        """The referral. Unavailable."""
        return await self._find({"_id": str(referral)})

    async def save(self, told: Told, change: Change) -> dict[str, Any] | None:
        """Writes a change with its event, and gives the document; None where it changed meanwhile.

        Unavailable where that is not certain.
        """
        unchanged = {"_id": str(told.referral), "version": told.version}
        update = self._update(change)
        try:
            return await self._referrals.find_one_and_update(
                unchanged, update, {"outbox": 1}, return_document=ReturnDocument.AFTER
            )
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None

    def _update(self, change: Change) -> dict[str, Any]:
        fields, pushed = dict(change.fields), {}
        if change.event is not None:
            fields["sequence"] = change.event.sequence
            pushed["outbox"] = pending(change.event, [self._topic], change.event.time)
        if change.message is not None:
            pushed["messages"] = change.message
        return {"$set": fields, "$inc": {"version": 1}, "$push": pushed}

    async def messages(self, referral: UUID) -> Stored | None:
        """What was written to and by its reporter. Unavailable."""
        wanted = {"messages": 1, "messages_count": 1, "details_destroyed_at": 1}
        try:
            found = await self._referrals.find_one({"_id": str(referral)}, wanted, max_time_ms=self._patience_ms)
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
        if found is None:
            return None
        sealed = {UUID(one["id"]): one["sealed"] for one in found.get("messages", ())}
        return Stored(sealed, found.get("messages_count", 0), "details_destroyed_at" in found)

    async def looked_at(self, told: Told) -> None:
        """Nothing waits any more, unless something came since `told` was loaded. Unavailable."""
        try:
            await self._referrals.update_one(
                {"_id": str(told.referral), "messages_count": told.messages}, {"$unset": {"waiting": ""}}
            )
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None

    async def waiting(self, most: int) -> list[Told]:
        """Referrals whose reporter's words nobody has read, the longest waiting first. Unavailable."""
        try:
            found = self._referrals.find({"waiting": {"$gt": _EVER}}, _SEEN, max_time_ms=self._patience_ms)
            return [_told(one) async for one in found.sort("waiting", 1).limit(most)]
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None

    async def prepare(self) -> None:
        """The index by which unread words are found."""
        await self._referrals.create_index("waiting", name="waiting", sparse=True)

    async def _find(self, by: dict[str, Any]) -> Told | None:
        try:
            found = await self._referrals.find_one(by, _SEEN, max_time_ms=self._patience_ms)
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
        return _told(found) if found else None


def _told(document: dict[str, Any]) -> Told:
    return Told(
        referral=UUID(document["_id"]),
        version=document["version"],
        sequence=document["sequence"],
        correlation=UUID(document["correlation_id"]),
        facts=Facts.model_validate(document["facts"]),
        received_at=document["received_at"],
        withdrawn="withdrawn" in document,
        messages=document.get("messages_count", 0),
        waiting=document.get("waiting"),
        destroyed="details_destroyed_at" in document,
    )
