"""The collections `holds` and `certificates`, and what is destroyed in the others."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from shared.mongo import Database


@dataclass(frozen=True, slots=True)
class Certificate:
    """That the details of a referral were destroyed. `entry` and `digest` are those of the audit's entry about it."""

    referral: str
    reason: str
    ended_at: datetime
    due_at: datetime
    destroyed_at: datetime
    fields: int
    entry: int
    digest: str
    files: int = 0


class RetentionStore:
    """Nothing in it identifies a person."""

    def __init__(self, database: Database) -> None:
        self._details = database["details"]
        self._traits = database["traits"]
        self._referrals = database["referrals"]
        self._holds = database["holds"]
        self._certificates = database["certificates"]

    async def told(self, referral: str) -> int:
        """How many top fields of details and messages are kept; 0 where there are none."""
        document = await self._details.find_one({"_id": referral})
        written = await self._referrals.find_one({"_id": referral}, {"messages.id": 1})
        return (len(document) - 1 if document else 0) + len((written or {}).get("messages", ()))

    async def erase(self, referral: str, at: datetime) -> None:
        """Deletes the ciphertext and every digest of what was in it. The mark says that there were details.

        The mark comes with a new version of the document: nobody who read the one before can add a message any more.
        """
        gone = {"idempotency": "", "receipt": "", "messages": "", "messages_count": "", "waiting": ""}
        change = {"$set": {"details_destroyed_at": at}, "$unset": gone, "$inc": {"version": 1}}
        await self._referrals.update_one({"_id": referral}, change)
        await self._traits.delete_one({"_id": referral})
        await self._details.delete_one({"_id": referral})

    async def held(self, referral: str) -> str | None:
        """Why its details may not be destroyed."""
        found = await self._holds.find_one({"_id": referral})
        return found["reason"] if found else None

    async def hold(self, referral: str, reason: str, at: datetime) -> bool:
        """Whether that is new."""
        try:
            await self._holds.insert_one({"_id": referral, "reason": reason, "at": at})
        except DuplicateKeyError:
            return False
        return True

    async def lift(self, referral: str) -> bool:
        """Whether there was a hold."""
        return bool((await self._holds.delete_one({"_id": referral})).deleted_count)

    async def certify(self, certificate: Certificate) -> Certificate:
        """Keeps it, and gives the one that is kept: the first one for a referral stays."""
        fields = {name: getattr(certificate, name) for name in Certificate.__slots__ if name != "referral"}
        one = {"_id": certificate.referral}
        kept = await self._certificates.find_one_and_update(
            one, {"$setOnInsert": fields}, upsert=True, return_document=ReturnDocument.AFTER
        )
        return Certificate(referral=kept.pop("_id"), **kept)

    async def certificates(self, referral: str | None = None) -> AsyncIterator[Certificate]:
        """All, or that of one referral."""
        wanted: dict[str, Any] = {} if referral is None else {"_id": referral}
        async for found in self._certificates.find(wanted).sort("destroyed_at", 1):
            yield Certificate(referral=found.pop("_id"), **found)
