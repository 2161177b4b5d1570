"""What the auditor waits for, in MongoDB, and every query of its own.

`expectations`: `{_id: the event's id, referral, at, due, finding}`. A row goes once somebody was told, or after nine days.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pymongo import ASCENDING, UpdateOne

from services.notifications.oversight.audit import Expectation, Finding
from shared.mongo import Database

_AHEAD = timedelta(minutes=2)
"""How far routing's clock may be ahead of ours, or a finding be looked at again."""
_SHOWN = {"about": 1, "status": 1, "not_before": 1, "since": 1, "urgency": 1}


class AuditStore:
    """`patience`: how long after an event somebody must have been told."""

    def __init__(self, database: Database, patience: timedelta) -> None:
        self.expectations = database["expectations"]
        self._notices = database["notices"]
        self._patience = patience

    async def ensure_indexes(self) -> None:
        """What the query below looks with."""
        await self.expectations.create_index("due", name="due")
        await self.expectations.create_index("finding", name="finding", sparse=True)

    async def expect(self, expectations: Iterable[Expectation]) -> None:
        """Keeps what is to be looked at later; what is there already stays."""
        writes = [
            UpdateOne(
                {"_id": one.about},
                {"$setOnInsert": {"referral": one.referral, "at": one.at, "due": one.at + self._patience}},
                upsert=True,
            )
            for one in expectations
        ]
        if writes:
            await self.expectations.bulk_write(writes, ordered=False)

    async def due(self, now: datetime, most: int) -> list[dict[str, Any]]:
        """What somebody must have been told of by now, the oldest first; and what is due later than anything can be, as the
        clock was set back since."""
        found = self.expectations.find({"$or": [{"due": {"$lte": now}}, {"due": {"$gt": now + self._patience + _AHEAD}}]})
        return await found.sort("due", ASCENDING).limit(most).to_list(most)

    async def notices(self, about: Sequence[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
        """The notices of these events, as the ledger has them."""
        found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for notice in await self._notices.find({"about": {"$in": list(about)}}, _SHOWN).to_list(None):
            found[notice["about"]].append(notice)
        return found

    async def forget(self, about: Iterable[UUID]) -> None:
        """Takes out what needs no more watching."""
        await self.expectations.delete_many({"_id": {"$in": list(about)}})

    async def note(self, findings: Mapping[UUID, Finding | None], again: datetime) -> None:
        """Writes down what is wrong now, and when to look again."""
        writes = [
            UpdateOne({"_id": about}, {"$set": {"due": again, "finding": what.value if what else None}})
            for about, what in findings.items()
        ]
        if writes:
            await self.expectations.bulk_write(writes, ordered=False)

    async def counts(self) -> dict[str, int]:
        """How many events have each finding."""
        stages: list[Mapping[str, Any]] = [
            {"$match": {"finding": {"$in": [finding.value for finding in Finding]}}},
            {"$group": {"_id": "$finding", "count": {"$sum": 1}}},
        ]
        return {row["_id"]: row["count"] for row in await self.expectations.aggregate(stages).to_list(None)}
