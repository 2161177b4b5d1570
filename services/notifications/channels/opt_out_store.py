"""Numbers that want no more text messages, in MongoDB.

`opt_outs`: `{_id: a keyed hash of the number, at}`. The number itself is nowhere; without the key the hash leads to none.
"""

from hashlib import sha256
from hmac import digest

from shared.clock import Clock
from shared.mongo import Database


class OptOutStore:
    """`key` is the token of our account with the provider: numbers are only asked about by those who have it."""

    def __init__(self, database: Database, key: str, clock: Clock) -> None:
        self._opt_outs = database["opt_outs"]
        self._key = key.encode()
        self._clock = clock

    async def wants_none(self, phone: str) -> bool:
        """Whether this number (E.164) has opted out."""
        return await self._opt_outs.find_one({"_id": self._hash(phone)}) is not None

    async def stop(self, phone: str) -> None:
        """Keeps that it wants no more."""
        await self._opt_outs.update_one({"_id": self._hash(phone)}, {"$setOnInsert": {"at": self._clock()}}, upsert=True)

    async def start(self, phone: str) -> None:
        """It wants messages again."""
        await self._opt_outs.delete_one({"_id": self._hash(phone)})

    def _hash(self, phone: str) -> str:
        return digest(self._key, phone.encode(), sha256).hex()
