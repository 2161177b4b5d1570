"""What notifications keeps in MongoDB, and every query on it.

`notices`: one document a notice, `_id` its id: the fields of `Notice` (agency, role and seat in place of an address), and
`{status, attempts, unsure, since, due, lease: {by, until} | None, settled, after_ms, trouble, version, outbox}`.
`due` is when it may be claimed: at once, after a wait, or when the lease of the claim runs out; a settled notice has none.
`referrals`: `{_id: referral, applied, urgency}`, see `Standing`.
"""

import secrets
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from services.notifications.attempt import Claimed, Outcome
from services.notifications.documents import claimed_of, claiming, document_of, ended, notice_of
from services.notifications.escalation import Stop
from services.notifications.notice import Notice, NoticeKind, NoticeStatus
from services.notifications.standing import Standing
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.mongo import Database
from shared.vocabulary import NotificationChannel, Urgency

log = structlog.get_logger(__name__)
_DUPLICATE_KEY = 11000
_OPEN = {"due": {"$exists": True}}


class NoticeStore:
    """The notices and how far each referral was applied. `topic`: where it is told how a notice ended."""

    def __init__(self, database: Database, instance: str, topic: str, clock: Clock) -> None:
        self.notices = database["notices"]
        self._referrals = database["referrals"]
        self._topic = topic
        self._clock = clock
        # A new name for each start: what an earlier life of this instance claimed is not ours.
        self._owner = f"{instance}/{secrets.token_hex(4)}"
        self._claims = 0

    async def ensure_indexes(self) -> None:
        """What the queries below look with."""
        await self.notices.create_index([("channel", 1), ("due", 1)], name="channel_due", partialFilterExpression=_OPEN)
        await self.notices.create_index([("referral", 1), ("sequence", 1)], name="referral_sequence")
        await self.notices.create_index("about", name="about")

    async def standings(self, referrals: Iterable[UUID]) -> dict[UUID, Standing]:
        """How far the referrals have been applied; those never seen are left out."""
        found = self._referrals.find({"_id": {"$in": list(referrals)}})
        return {d["_id"]: Standing(d["applied"], _urgency(d["urgency"])) async for d in found}

    async def add(self, notices: Sequence[Notice]) -> list[Notice]:
        """Keeps notices, at once due, and returns the new ones. One that is there already stays as it is."""
        if not notices:
            return []
        now = self._clock()
        known = await _duplicates(self.notices.insert_many([document_of(notice, now) for notice in notices], ordered=False))
        return [notice for place, notice in enumerate(notices) if place not in known]

    async def stop(self, stops: Iterable[Stop]) -> None:
        """Marks what waits for an answer that has come, or is no longer needed. What is being sent goes out all the same."""
        for stop in stops:
            asked = {
                "referral": stop.matter.referral,
                "sequence": {"$lt": stop.matter.sequence},
                "awaits": stop.agency or {"$ne": None},
            }
            await self._drop(asked)

    async def stop_about(self, matters: Sequence[UUID]) -> None:
        """Marks the reminders of matters that have ended."""
        if matters:
            await self._drop({"about": {"$in": list(matters)}, "awaits": {"$ne": None}})

    async def _drop(self, which: Mapping[str, Any]) -> None:
        waiting = {**which, "status": NoticeStatus.pending.value}
        await self.notices.update_many(waiting, {"$set": {"pointless": True, "due": self._clock()}})

    async def advance(self, standings: Mapping[UUID, Standing]) -> None:
        """Moves standings forward, never back."""
        writes = [_forward(referral, standing) for referral, standing in standings.items()]
        if writes and await _duplicates(self._referrals.bulk_write(writes, ordered=False)):
            raise Unavailable("mongodb: another instance wrote the same referral first")

    async def claim(self, channel: NotificationChannel, most: int, lease: timedelta, *, movable: bool = False) -> list[Claimed]:
        """Claims up to `most` due notices of a channel, the longest due first. No other process gets them before the lease is
        over. `movable`: only those that may go by another channel now."""
        now = self._clock()
        due: dict[str, Any] = {"channel": channel.value, "due": {"$lte": now}}
        if movable:
            due["fall_over"] = {"$lte": now}
        found = self.notices.find(due, {"_id": 1}).sort("due", 1).limit(most)
        ids = [document["_id"] for document in await found.to_list(most)]
        if not ids:
            return []
        self._claims += 1
        by = f"{self._owner}/{self._claims}"
        await self.notices.update_many({"_id": {"$in": ids}, **due}, claiming(by, now + lease))
        mine = self.notices.find({"_id": {"$in": ids}, "lease.by": by})
        return [claimed for document in await mine.to_list(None) if (claimed := _readable(document))]

    async def record(self, outcomes: Sequence[Outcome]) -> Sequence[Mapping[str, Any]]:
        """Writes how attempts ended, where the claim still holds. Returns the documents whose events wait to be published."""
        endings = [(outcome.claimed, *ended(outcome, self._topic)) for outcome in outcomes]
        writes = [UpdateOne({"_id": claimed.notice.id, "version": claimed.version}, change) for claimed, change, _ in endings]
        try:
            result = await self.notices.bulk_write(writes, ordered=False)
        except BulkWriteError:
            raise Unavailable("mongodb: a write was not confirmed") from None
        if result.matched_count == len(outcomes):
            return [{"_id": claimed.notice.id, "outbox": [entry]} for claimed, _, entry in endings if entry]
        # A lease ran out meanwhile, or this is written a second time: only the documents say what holds.
        ids = [claimed.notice.id for claimed, _, _ in endings]
        return await self.notices.find({"_id": {"$in": ids}}, {"outbox": 1}).to_list(None)

    async def find(self, notice: UUID) -> dict[str, Any] | None:
        """One notice as it is stored."""
        return await self.notices.find_one({"_id": notice})

    async def acknowledge(self, notice: UUID) -> None:
        """Writes down that somebody has seen a notice: when for the first time."""
        await self.notices.update_one({"_id": notice, "acknowledged": None}, {"$set": {"acknowledged": self._clock()}})

    async def ledger(self, referral: UUID) -> list[dict[str, Any]]:
        """The notices of a referral, the oldest event first, at most 1,000."""
        return (
            await self.notices.find({"referral": referral})
            .sort([("sequence", 1), ("agency", 1), ("role", 1), ("seat", 1)])
            .to_list(1000)
        )

    async def sent_by_text(self, reference: str) -> list[dict[str, Any]]:
        """What was sent by text message about referrals whose id begins with these eight digits."""
        first, last = UUID(reference.ljust(32, "0")), UUID(reference.ljust(32, "f"))
        which = {
            "referral": {"$gte": first, "$lte": last},
            "channel": NotificationChannel.sms.value,
            "status": NoticeStatus.sent.value,
        }
        return await self.notices.find(which).to_list(100)

    async def sent_since(self, since: datetime) -> list[dict[str, Any]]:
        """What was sent after a time: which desk, when, which step. Drills do not count."""
        which = {"status": NoticeStatus.sent.value, "settled": {"$gte": since}, "kind": {"$ne": NoticeKind.test.value}}
        return await self.notices.find(which, {"agency": 1, "role": 1, "settled": 1, "step": 1}).to_list(None)

    async def given_up(self, referral: UUID | None, since: datetime) -> list[Notice]:
        """What could not be sent to anyone, of one referral or of all, and was given up after `since`; the oldest first."""
        which: dict[str, Any] = {"status": NoticeStatus.failed.value, "settled": {"$gte": since}}
        if referral:
            which["referral"] = referral
        return [notice_of(document) for document in await self.notices.find(which).sort("settled", 1).to_list(None)]

    async def waiting(self) -> tuple[int, datetime | None]:
        """How many notices are open, and since when the oldest of them could have been sent, as its event had happened."""
        stages: list[Mapping[str, Any]] = [
            {"$match": _OPEN},
            {"$group": {"_id": None, "count": {"$sum": 1}, "oldest": {"$min": {"$max": ["$at", "$not_before"]}}}},
        ]
        found = await self.notices.aggregate(stages, hint="channel_due").to_list(1)
        return (found[0]["count"], found[0]["oldest"]) if found else (0, None)


def _readable(document: Mapping[str, Any]) -> Claimed | None:
    """None where another version of this program wrote what this one does not know: it must not hold up the others."""
    try:
        return claimed_of(document)
    except (KeyError, ValueError) as error:
        log.error("notice_unreadable", error=type(error).__name__, attempt=document["attempts"])
        return None


def _forward(referral: UUID, standing: Standing) -> UpdateOne:
    newer = {"$gt": [standing.applied, {"$ifNull": ["$applied", 0]}]}
    urgency = {"$cond": [newer, standing.urgency.value if standing.urgency else None, {"$ifNull": ["$urgency", None]}]}
    change = {"$set": {"urgency": urgency, "applied": {"$max": ["$applied", standing.applied]}}}
    return UpdateOne({"_id": referral}, [change], upsert=True)


def _urgency(term: str | None) -> Urgency | None:
    return Urgency(term) if term in Urgency.terms() else None


async def _duplicates(write: Awaitable[Any]) -> set[int]:
    """The places in a bulk write that were refused because the document is there already."""
    try:
        await write
    except BulkWriteError as error:
        refused = error.details["writeErrors"]
        if error.details["writeConcernErrors"] or any(e["code"] != _DUPLICATE_KEY for e in refused):
            raise Unavailable("mongodb: a write was not confirmed") from None
        return {e["index"] for e in refused}
    return set()
