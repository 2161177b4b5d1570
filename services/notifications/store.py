"""The messages that wait to be sent, in MongoDB, and every query that changes them.

`notices`: one document a notice, `_id` its id: the fields of `Notice` (agency, role and seat in place of an address), and
`{status, attempts, unsure, since, due, lease: {by, until} | None, settled, after_ms, trouble, version, outbox}`. `due` is
when it may be claimed: at once, after a wait, or when the lease of the claim runs out; a settled notice has none, and one
that is `grouped` neither. Bundles are in the same collection, see `bundle_documents`.
"""

import secrets
from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import structlog
from pymongo import UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from services.notifications.keeping.attempt_documents import claimed_at_once, claimed_of, claiming, ended, not_too_many
from services.notifications.keeping.documents import document_of
from services.notifications.notices.attempt import Claimed, Outcome
from services.notifications.notices.notice import Notice, NoticeStatus
from services.notifications.plan.escalation import Stop
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.mongo import Database
from shared.vocabulary import NotificationChannel

log = structlog.get_logger(__name__)
_DUPLICATE_KEY = 11000
_OPEN = {"due": {"$exists": True}}


class NoticeStore:
    """Adds, claims, records and drops. `topic`: where it is told how a notice ended."""

    def __init__(self, database: Database, instance: str, topic: str, clock: Clock) -> None:
        self.notices = database["notices"]
        self._topic = topic
        self._clock = clock
        # A new name for each start: what an earlier life of this instance claimed is not ours.
        self._owner = f"{instance}/{secrets.token_hex(4)}"
        self._claims = 0

    async def ensure_indexes(self) -> None:
        """What the queries look with."""
        await self.notices.create_index([("channel", 1), ("due", 1)], name="channel_due", partialFilterExpression=_OPEN)
        await self.notices.create_index([("referral", 1), ("sequence", 1)], name="referral_sequence")
        await self.notices.create_index("about", name="about")

    async def add(self, notices: Sequence[Notice], claims: Mapping[UUID, Claimed] = MappingProxyType({})) -> list[Notice]:
        """Keeps notices, some of them with a claim, and returns the new ones. One that is there already stays as it is."""
        if not notices:
            return []
        now, by = self._clock(), self._next_claim()
        documents = [document_of(notice, now) for notice in notices]
        for document in documents:
            if claim := claims.get(document["_id"]):
                document.update(claimed_at_once(by, claim.until))
        known = await refused(self.notices.insert_many(documents, ordered=False))
        return [notice for place, notice in enumerate(notices) if place not in known]

    async def stop(self, stops: Iterable[Stop]) -> None:
        """Marks what waits for an answer that has come, or is no longer needed. What is being sent goes out all the same."""
        await self._drop([_asked_before(stop) for stop in stops])

    async def stop_about(self, matters: Sequence[UUID]) -> None:
        """Marks the reminders of matters that have ended."""
        await self._drop([{"about": {"$in": list(matters)}, "awaits": {"$ne": None}}] if matters else [])

    async def _drop(self, these: Sequence[Mapping[str, Any]]) -> None:
        writes = [write for which in these for write in self._dropping(which)]
        try:
            if writes:
                await self.notices.bulk_write(writes, ordered=False)
        except BulkWriteError:
            raise Unavailable("mongodb: a write was not confirmed") from None

    def _dropping(self, which: Mapping[str, Any]) -> list[UpdateMany]:
        waiting, trying = ({**which, "status": status.value} for status in (NoticeStatus.pending, NoticeStatus.claimed))
        inside = {f"one.{name}": value for name, value in which.items()}
        return [
            UpdateMany(waiting, {"$set": {"pointless": True, "due": self._clock()}}),
            UpdateMany(trying, {"$set": {"pointless": True}}),  # in case it has to be tried again
            UpdateMany(
                {"form": {"$exists": True}, "notices": {"$elemMatch": which}, **_OPEN},
                {"$set": {"notices.$[one].pointless": True}},
                array_filters=[inside],
            ),
        ]

    async def claim(
        self,
        channel: NotificationChannel,
        most: int,
        lease: timedelta,
        *,
        movable: bool = False,
        besides: Collection[UUID] = (),
    ) -> list[Claimed]:
        """Claims up to `most` due messages of a channel, the longest due first. No other process gets them before the lease is
        over. `movable`: only those that may go by another channel now. `besides`: none of these."""
        now = self._clock()
        due: dict[str, Any] = {"channel": channel.value, "due": {"$lte": now}}
        if besides:
            due["_id"] = {"$nin": list(besides)}
        if movable:
            due["fall_over"] = {"$lte": now}
        found = self.notices.find(due, {"count": 1}).sort("due", 1).limit(most)
        ids = not_too_many(await found.to_list(most))
        if not ids:
            return []
        by = self._next_claim()
        await self.notices.update_many({**due, "_id": {"$in": ids}}, claiming(by, now + lease))
        mine = self.notices.find({"_id": {"$in": ids}, "lease.by": by})
        return [claimed for document in await mine.to_list(None) if (claimed := _readable(document))]

    def _next_claim(self) -> str:
        self._claims += 1
        return f"{self._owner}/{self._claims}"

    async def record(self, outcomes: Sequence[Outcome]) -> Sequence[Mapping[str, Any]]:
        """Writes how attempts ended, where the claim still holds. Returns the documents whose events wait to be published."""
        endings = [(outcome.claimed, *ended(outcome, self._topic)) for outcome in outcomes]
        writes = [UpdateOne({"_id": claimed.message.id, "version": claimed.version}, change) for claimed, change, _ in endings]
        try:
            result = await self.notices.bulk_write(writes, ordered=False)
        except BulkWriteError:
            raise Unavailable("mongodb: a write was not confirmed") from None
        if result.matched_count == len(outcomes):
            return [{"_id": claimed.message.id, "outbox": entries} for claimed, _, entries in endings if entries]
        # A lease ran out meanwhile, or this is written a second time: only the documents say what holds.
        ids = [claimed.message.id for claimed, _, _ in endings]
        return await self.notices.find({"_id": {"$in": ids}}, {"outbox": 1}).to_list(None)

    async def lose(self, messages: Sequence[UUID]) -> bool:
        """Writes down that messages did not arrive though they were taken; whether that is news."""
        taken = {"_id": {"$in": list(messages)}, "lost": None}
        return (await self.notices.update_many(taken, {"$set": {"lost": self._clock()}})).modified_count > 0

    async def acknowledge(self, messages: Sequence[UUID]) -> None:
        """Writes down that somebody has seen notices: when for the first time."""
        seen = {"_id": {"$in": list(messages)}, "acknowledged": None}
        await self.notices.update_many(seen, {"$set": {"acknowledged": self._clock()}})


def _asked_before(stop: Stop) -> dict[str, Any]:
    earlier = {"$lt": stop.matter.sequence}
    return {"referral": stop.matter.referral, "sequence": earlier, "awaits": stop.agency or {"$ne": None}}


def _readable(document: Mapping[str, Any]) -> Claimed | None:
    """None where another version of this program wrote what this one does not know: it must not hold up the others."""
    try:
        return claimed_of(document)
    except (KeyError, ValueError) as error:
        log.error("notice_unreadable", error=type(error).__name__, attempt=document["attempts"])
        return None


async def refused(write: Awaitable[Any]) -> set[int]:
    """The places in a bulk write that were refused because the document is there already."""
    try:
        await write
    except BulkWriteError as error:
        errors = error.details["writeErrors"]
        if error.details["writeConcernErrors"] or any(e["code"] != _DUPLICATE_KEY for e in errors):
            raise Unavailable("mongodb: a write was not confirmed") from None
        return {e["index"] for e in errors}
    return set()
