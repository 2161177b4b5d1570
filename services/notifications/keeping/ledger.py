"""What is asked of the notices in MongoDB: who was told of what, what is open, what was given up. It changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.keeping.documents import notice_of
from services.notifications.notices.notice import Form, Notice, NoticeKind, NoticeStatus
from shared.mongo import Database
from shared.vocabulary import NotificationChannel

_SENT = {"status": NoticeStatus.sent.value}
_OPEN = {"due": {"$exists": True}}
_NOTICES = {"kind": {"$exists": True}}
"""Without the bundles."""
_WHO_AND_WHEN = ("agency", "role", "person", "settled", "step", "bundle")


class Ledger:
    """Every intention, attempt and result, as `store` has written them."""

    def __init__(self, database: Database) -> None:
        self._notices = database["notices"]

    async def find(self, message: UUID) -> dict[str, Any] | None:
        """One notice, or one bundle, as it is stored."""
        return await self._notices.find_one({"_id": message})

    async def of(self, referral: UUID) -> list[dict[str, Any]]:
        """The notices of a referral, the oldest event first, at most 1,000."""
        order = [("sequence", 1), ("agency", 1), ("role", 1), ("seat", 1)]
        return await self._notices.find({"referral": referral}).sort(order).to_list(1000)

    async def sent_by_text(self, reference: str) -> list[dict[str, Any]]:
        """What was sent by text message about referrals, or as a bundle, whose id begins with these eight digits."""
        within = {"$gte": UUID(reference.ljust(32, "0")), "$lte": UUID(reference.ljust(32, "f"))}
        by_text = {"channel": NotificationChannel.sms.value, **_SENT}
        which = {"$or": [{"referral": within, **by_text}, {"_id": within, "form": {"$exists": True}, **by_text}]}
        return await self._notices.find(which).to_list(100)

    async def sent_since(self, since: datetime) -> list[dict[str, Any]]:
        """The notices sent after a time: to which desk or person, when, which step, in which bundle. Drills do not count."""
        which = {**_SENT, "settled": {"$gte": since}, "kind": {"$exists": True, "$ne": NoticeKind.test.value}}
        return await self._notices.find(which, dict.fromkeys(_WHO_AND_WHEN, 1)).to_list(None)

    async def given_up(self, referral: UUID | None, since: datetime) -> list[Notice]:
        """What could not be sent to anyone, of one referral or of all, and was given up after `since`; the oldest first."""
        which: dict[str, Any] = {"status": NoticeStatus.failed.value, "settled": {"$gte": since}, **_NOTICES}
        if referral:
            which["referral"] = referral
        return [notice_of(document) for document in await self._notices.find(which).sort("settled", 1).to_list(None)]

    async def waiting_together(self, form: Form) -> list[dict[str, Any]]:
        """The bundles of a form that are not settled, the first to be sent first."""
        which = {"form": form.value, **_OPEN}
        return await self._notices.find(which).hint("channel_due").sort("due", 1).to_list(None)

    async def waiting(self) -> tuple[int, datetime | None]:
        """How many notices are open, and since when the oldest of them could have been sent, as its event had happened."""
        stages: list[Mapping[str, Any]] = [
            {"$match": _OPEN},
            {
                "$group": {
                    "_id": None,
                    "count": {"$sum": {"$ifNull": ["$count", 1]}},
                    "oldest": {"$min": {"$max": ["$at", "$not_before"]}},
                }
            },
        ]
        found = await self._notices.aggregate(stages, hint="channel_due").to_list(1)
        return (found[0]["count"], found[0]["oldest"]) if found else (0, None)
