"""Finding a referral by its receipt code's digest, and changing it."""

from typing import Any
from uuid import UUID

from pymongo import ReturnDocument
from pymongo.errors import PyMongoError

from services.intake.visits.visit import Change, Told
from shared.delivery.errors import Unavailable
from shared.events.facts import Facts
from shared.mongo import DURABLE, Collection
from shared.outbox import pending

_SEEN = {"outbox": 0, "idempotency": 0, "receipt": 0}


class VisitStore:
    """The collection `referrals`, as far as its reporters are concerned. `patience`: seconds."""

    def __init__(self, referrals: Collection, topic: str, patience: float) -> None:
        self._referrals = referrals.with_options(write_concern=DURABLE)
        self._topic = topic
        self._patience_ms = int(patience * 1000)

    async def by_receipt(self, digest: bytes) -> Told | None:
        """The referral whose receipt code has this digest. Unavailable."""
        return await self._find({"receipt": digest})

    async def by_id(self, referral: UUID) -> Told | None:
        """The referral. Unavailable."""
        return await self._find({"_id": str(referral)})

    async def save(self, told: Told, change: Change) -> dict[str, Any] | None:
        """Writes a change with its event, and gives the document; None where it changed meanwhile.

        Unavailable where that is not certain.
        """
        update = {
            "$set": change.fields | {"sequence": change.event.sequence},
            "$inc": {"version": 1},
            "$push": {"outbox": pending(change.event, [self._topic], change.event.time)},
        }
        try:
            return await self._referrals.find_one_and_update(
                {"_id": str(told.referral), "version": told.version}, update, return_document=ReturnDocument.AFTER
            )
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None

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
    )
