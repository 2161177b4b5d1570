"""Intake's collections, written together: `referrals` (facts, digests, outbox) and `details` (each field encrypted)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pymongo.errors import CollectionInvalid, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from services.intake.referral import Admission
from services.intake.vault.leaves import grown, leaves
from services.intake.vault.vault import Vault
from shared.crash import crash_point
from shared.delivery.errors import Unavailable
from shared.events.facts import Facts
from shared.mongo import DURABLE, Client, Database

AT_ONCE = 16
"""Transactions under way at a time. More would only wait inside the driver, where they cannot be given up."""


class AlreadyThere(Exception):
    """A referral with this idempotency key, or (hardly ever) this receipt code, has been written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`fields`: the details that were told, by name, each encrypted. `destroyed`: there were some once."""

    facts: Facts
    fields: Mapping[str, bytes]
    destroyed: bool


class ReferralStore:
    """`patience`: seconds within which a write is done or reported as Unavailable."""

    def __init__(self, client: Client, database: Database, vault: Vault, patience: float) -> None:
        self._client = client
        self._database = database
        self._vault = vault
        self.referrals = database["referrals"]
        self._details = database["details"]
        self._traits = database["traits"]
        self._patience = patience
        self._free = asyncio.Semaphore(AT_ONCE)

    async def prepare(self) -> None:
        """Creates the indexes, and the collections with them: made inside transactions, they would make each other fail."""
        for name in ("details", "traits"):
            with suppress(CollectionInvalid):  # it is there
                await self._database.create_collection(name)
        await self.referrals.create_index(
            "idempotency.key",
            name="idempotency_key",
            unique=True,
            partialFilterExpression={"idempotency.key": {"$exists": True}},
        )

    async def save(self, admission: Admission) -> None:
        """Both documents are journaled by a majority when this returns.

        Unavailable where that is not certain in time: they may be there all the same, and if so their event will go out.
        """
        until = asyncio.get_running_loop().time() + self._patience
        try:
            async with asyncio.timeout_at(until):
                await self._free.acquire()
        except TimeoutError:
            raise Unavailable("mongodb: too many writes wait") from None
        # Never cancelled: the driver's thread would go on with a session that is given back.
        writing = asyncio.create_task(self._write(admission, until))
        writing.add_done_callback(self._written)
        done, _ = await asyncio.wait({writing}, timeout=until - asyncio.get_running_loop().time())
        if not done:
            raise Unavailable("mongodb: no answer in time")
        writing.result()

    def _written(self, writing: asyncio.Task[None]) -> None:
        self._free.release()
        if not writing.cancelled():
            writing.exception()  # heard, also where nobody waits any more

    async def _write(self, admission: Admission, until: float) -> None:
        details = await self._encrypted(admission.details) if admission.details else None

        async def both(session: Any) -> None:
            if asyncio.get_running_loop().time() > until:
                raise Unavailable("mongodb: no answer in time")
            # The referral last: a process killed on the way leaves a transaction that the server ends only after a minute,
            # and until then nobody else could write the same idempotency key.
            if details is not None:
                await self._details.insert_one(details, session=session)
            if admission.traits is not None:
                await self._traits.insert_one(admission.traits, session=session)
            crash_point("intake_between_writes")
            await self.referrals.insert_one(admission.referral, session=session)

        try:
            async with await self._client.start_session(causal_consistency=False) as session:
                await session.with_transaction(both, write_concern=DURABLE)
        except DuplicateKeyError:
            raise AlreadyThere from None
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None

    async def _encrypted(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """The same document with each field's ciphertext. The referral's key is durable before anything is kept under it."""
        referral = details["_id"]
        await self._vault.make_key(referral)
        fields = leaves({name: value for name, value in details.items() if name != "_id"})
        return {"_id": referral} | grown(await self._vault.encrypt(referral, fields))

    async def find(self, referral: str) -> Kept | None:
        """What is kept of a referral; None where there is none. Unavailable."""
        try:
            document = await self.referrals.find_one({"_id": referral}, {"facts": 1, "details_destroyed_at": 1})
            details = await self._details.find_one({"_id": referral}) if document else None
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
        if document is None:
            return None
        fields = {name: value for name, value in (details or {}).items() if name != "_id"}
        return Kept(Facts.model_validate(document["facts"]), leaves(fields), "details_destroyed_at" in document)

    async def is_open(self, referral: str) -> bool:
        """Whether more can be told: it is there, was not taken back, and its details are not destroyed. Unavailable."""
        try:
            found = await self.referrals.find_one({"_id": referral}, {"withdrawn": 1, "details_destroyed_at": 1})
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
        return found is not None and not found.keys() & {"withdrawn", "details_destroyed_at"}

    async def sender(self, referral: str) -> str | None:
        """The system that sent it; None where somebody without a token did, or there is none. Unavailable."""
        try:
            found = await self.referrals.find_one({"_id": referral}, {"sender": 1})
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
        return found.get("sender") if found else None

    async def by_key(self, key: bytes) -> dict[str, Any] | None:
        """The referral written with an idempotency key, without its facts.

        Linearizable, as the writer may still wait for its majority: what we answer from must not be rolled back.
        """
        certain = self.referrals.with_options(read_concern=ReadConcern("linearizable"))
        try:
            return await certain.find_one({"idempotency.key": key}, {"idempotency": 1}, max_time_ms=int(self._patience * 1000))
        except PyMongoError as error:
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
