"""Encrypts single fields of a referral's details, so that the database never sees one, and destroys them for good.

The encryption is MongoDB's own client-side one (AEAD_AES_256_CBC_HMAC_SHA_512, random). It does not know what a value
belongs to; so what is encrypted is the value together with its referral and its field, and both are compared when it is read.
"""

from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from bson.binary import Binary
from pymongo.errors import DuplicateKeyError, EncryptionError, PyMongoError

from services.intake import metrics
from services.intake.vault.keyring import Keyring
from shared.delivery.errors import Unavailable
from shared.mongo import Client, Database, database, encrypting

ALGORITHM = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
ENCRYPTED = 6
"""The subtype that BSON has for ciphertext."""
KEYS_SUFFIX = "_keys"
REMEMBER_MS = 5_000
"""For so long a process may still use a key that another one has destroyed."""
SPARE = "spare:"
"""What the second name of a key begins with whose referral is not stored yet."""


class Unreadable(Exception):
    """What is stored is not what was written for this referral and field: somebody changed or moved it."""


class Destroyed(Exception):
    """The referral has no key: there were no details, or they have been destroyed."""


class KeyGone(Exception):
    """A key that was made ahead is not there any more: what was encrypted with it must not be stored."""


class Vault:
    """`of`: the service's database. The keys lie in a database of their own, so that a backup of the one never holds both."""

    def __init__(self, client: Client, of: Database, keyring: Keyring) -> None:
        apart = of.name + KEYS_SUFFIX
        self._keys = database(client, apart)["keys"]
        self._encryption = encrypting(client, f"{apart}.keys", keyring.providers, keyring.tls, REMEMBER_MS)
        self._keyring = keyring

    async def prepare(self) -> None:
        """Makes the index by which a referral has one key."""
        await self._keys.create_index(
            "keyAltNames", name="referral", unique=True, partialFilterExpression={"keyAltNames": {"$exists": True}}
        )

    async def make_key(self, referral: str) -> None:
        """Durable when this returns. Does nothing where the referral has one. Unavailable."""
        current, master_key = self._keyring.current, self._keyring.master_key
        with suppress(DuplicateKeyError), _failures():
            await to_thread(self._encryption.create_data_key, current, master_key, key_alt_names=[referral])

    async def make_spare(self, referrals: Sequence[str]) -> None:
        """Makes keys for referrals that are still to be stored: durable when this returns, and at hand to encrypt with.

        They are deleted a day later, unless `claim` is part of what is stored. Unavailable.
        """
        current, master_key = self._keyring.current, self._keyring.master_key

        def one_by_one() -> None:
            for referral in referrals:
                self._encryption.create_data_key(current, master_key, key_alt_names=[referral, SPARE + referral])
                self._encryption.encrypt("", ALGORITHM, key_alt_name=referral)

        with _failures():
            await to_thread(one_by_one)

    async def claim(self, referrals: Sequence[str], session: Any) -> None:
        """Keeps the keys of referrals for good, in the transaction that stores them. KeyGone where one is not there."""
        names = [SPARE + referral for referral in referrals]
        claimed = await self._keys.update_many(
            {"keyAltNames": {"$in": names}}, {"$pull": {"keyAltNames": {"$in": names}}}, session=session
        )
        if claimed.matched_count != len(names):
            raise KeyGone

    async def delete_spare(self, before: datetime) -> int:
        """Deletes the keys made before then that no referral claimed; how many."""
        spare = {"keyAltNames": {"$regex": f"^{SPARE}"}, "creationDate": {"$lt": before}}
        return (await self._keys.delete_many(spare)).deleted_count

    async def encrypt(self, referral: str, fields: Mapping[str, Any]) -> dict[str, bytes]:
        """Each field's ciphertext. The referral has a key. Values are what BSON can hold. Unavailable."""

        def one_by_one() -> dict[str, bytes]:
            bound = {name: {"referral": referral, "field": name, "value": value} for name, value in fields.items()}
            return {name: self._encryption.encrypt(it, ALGORITHM, key_alt_name=referral) for name, it in bound.items()}

        with _failures():
            return await to_thread(one_by_one)

    async def decrypt(self, referral: str, fields: Mapping[str, bytes]) -> dict[str, Any]:
        """The values again. Destroyed; Unreadable; Unavailable."""

        def one_by_one() -> dict[str, Any]:
            if self._encryption.get_key_by_alt_name(referral) is None:
                raise Destroyed
            self._encryption.encrypt("", ALGORITHM, key_alt_name=referral)  # the key works: what fails now is the ciphertext
            return {name: self._decrypted(referral, name, Binary(stored, ENCRYPTED)) for name, stored in fields.items()}

        with _failures():
            return await to_thread(one_by_one)

    def _decrypted(self, referral: str, field: str, stored: Binary) -> Any:
        try:
            found = self._encryption.decrypt(stored)
        except EncryptionError as error:
            if isinstance(error.cause, PyMongoError):
                raise
            raise _unreadable() from None
        if not isinstance(found, dict) or (found.get("referral"), found.get("field")) != (referral, field):
            raise _unreadable()
        return found["value"]

    async def destroy(self, referral: str) -> bool:
        """Deletes the referral's key, for good; whether there was one. Other processes forget it within seconds."""
        with _failures():
            return bool((await self._keys.delete_one({"keyAltNames": referral})).deleted_count)

    async def wrapped_by(self) -> dict[str, int]:
        """How many keys each master key wraps."""
        groups = self._keys.aggregate([{"$group": {"_id": "$masterKey.provider", "keys": {"$sum": 1}}}])
        return {str(group["_id"]): int(group["keys"]) async for group in groups}

    async def rewrap(self, at_once: int = 500) -> AsyncIterator[int]:
        """Wraps by the current master key what others wrap, while everything runs; yields how many each time.

        What was done is done: after an interruption it goes on with what is left.
        """
        current = self._keyring.current
        others = {"masterKey.provider": {"$ne": current}}
        while found := [Binary.from_uuid(key["_id"]) async for key in self._keys.find(others, {"_id": 1}).limit(at_once)]:
            with _failures():
                await to_thread(
                    self._encryption.rewrap_many_data_key, {"_id": {"$in": found}}, current, self._keyring.master_key
                )
            yield len(found)


@contextmanager
def _failures() -> Iterator[None]:
    """A database or key service that is away, or a master key that is missing, as Unavailable."""
    try:
        yield
    except EncryptionError as error:
        if isinstance(error.cause, DuplicateKeyError):
            raise error.cause from None
        if not isinstance(error.cause, PyMongoError):
            metrics.UNREADABLE.labels("key").inc()
        raise Unavailable(f"vault: {type(error.cause).__name__}") from None
    except DuplicateKeyError:
        raise
    except PyMongoError as error:
        raise Unavailable(f"vault: {type(error).__name__}") from None


def _unreadable() -> Unreadable:
    metrics.UNREADABLE.labels("ciphertext").inc()
    return Unreadable()
