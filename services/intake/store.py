"""Intake's collections, written together: `referrals` (facts, digests, outbox) and `details` (each field encrypted)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pymongo.errors import BulkWriteError, CollectionInvalid, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from services.intake.access.store import DUPLICATE_KEY
from services.intake.group_commit import GroupCommit
from services.intake.referral import Admission
from services.intake.vault.leaves import grown, leaves
from services.intake.vault.vault import KeyGone, Vault
from shared.crash import crash_point
from shared.delivery.errors import Unavailable
from shared.events.facts import Facts
from shared.mongo import DURABLE, UNAVAILABLE, Client, Database


class AlreadyThere(Exception):
    """A referral with this idempotency key, or (hardly ever) this receipt code, has been written."""


class Crossed(Exception):
    """One of several referrals is there already, has lost its key, or is being written by somebody else at this moment."""


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
        self._writes = GroupCommit(self._write)

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
        """All documents are journaled by a majority when this returns. AlreadyThere.

        Unavailable where that is not certain in time: they may be there all the same, and if so their event will go out.
        """
        until = asyncio.get_running_loop().time() + self._patience
        if admission.details:
            encrypting = asyncio.create_task(self._encrypted(admission))
            done, _ = await asyncio.wait({encrypting}, timeout=self._patience)
            if not done:
                encrypting.add_done_callback(lambda late: late.exception())
                raise Unavailable("mongodb: no answer in time")
            admission = encrypting.result()
        await self._writes.save(admission, until)

    async def _encrypted(self, admission: Admission) -> Admission:
        """The same with each field's ciphertext. The referral's key is durable before anything is kept under it."""
        details = admission.details or {}
        referral = details["_id"]
        if not admission.has_key:
            await self._vault.make_spare([referral])
        fields = leaves({name: value for name, value in details.items() if name != "_id"})
        ciphertext = await self._vault.encrypt(referral, fields)
        return replace(admission, details={"_id": referral} | grown(ciphertext), has_key=True)

    async def _write(self, admissions: list[Admission], until: float) -> None:
        """In one transaction. AlreadyThere where there is one; Crossed where one of several cannot be written like this."""
        details = [one.details for one in admissions if one.details]
        traits = [one.traits for one in admissions if one.traits]

        async def all_of_it(session: Any) -> None:
            if asyncio.get_running_loop().time() > until:
                raise Unavailable("mongodb: no answer in time")
            # The referrals last: a process killed on the way leaves a transaction that the server ends only after a minute,
            # and until then nobody can write the same idempotency key.
            if details:
                await self._vault.claim([one["_id"] for one in details], session)
                await self._details.insert_many(details, session=session)
            if traits:
                await self._traits.insert_many(traits, session=session)
            crash_point("intake_between_writes")
            await self.referrals.insert_many([one.referral for one in admissions], session=session)

        async def tried(session: Any) -> None:
            try:
                await all_of_it(session)
            except (PyMongoError, KeyGone) as error:
                if len(admissions) > 1 and not isinstance(error, UNAVAILABLE):
                    raise Crossed from None  # not tried again together: one of them may have to wait for a minute
                raise

        try:
            async with await self._client.start_session(causal_consistency=False) as session:
                await session.with_transaction(tried, write_concern=DURABLE)
        except PyMongoError as error:
            if _is_duplicate(error):
                raise AlreadyThere from None
            raise Unavailable(f"mongodb: {type(error).__name__}") from None
        except KeyGone:
            raise Unavailable("vault: the key made ahead is gone") from None

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


def _is_duplicate(error: PyMongoError) -> bool:
    """Also as one of several writes in a command."""
    written = error.details["writeErrors"] if isinstance(error, BulkWriteError) else ()
    return isinstance(error, DuplicateKeyError) or any(one["code"] == DUPLICATE_KEY for one in written)
