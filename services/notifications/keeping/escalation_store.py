"""The open escalations in MongoDB, and every query on them.

`escalations`: one document for each event that waits for an answer, `_id` the event's id: the fields of `Matter`, and
`{status, taken, due, version, opened, ended, by}`. `status` is `open` or why it ended; an ended one has no `due`. `by`: the
message by which it was acknowledged.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from pymongo import ASCENDING, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from services.notifications.plan.escalation import Ended, Escalation, Stop, Turn
from services.notifications.plan.matter import Matter
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.mongo import Database
from shared.vocabulary import AssignmentRole, Urgency

log = structlog.get_logger(__name__)
OPEN = "open"
_OPEN = {"due": {"$exists": True}}


class EscalationStore:
    """What waits for an answer."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.escalations = database["escalations"]
        self._clock = clock

    async def ensure_indexes(self) -> None:
        """What the queries below look with."""
        await self.escalations.create_index("due", name="due", partialFilterExpression=_OPEN)
        await self.escalations.create_index([("referral", ASCENDING), ("sequence", ASCENDING)], name="referral_sequence")

    async def open(self, escalations: Sequence[Escalation]) -> None:
        """Begins escalations; one that is there already stays as it is."""
        writes = [
            UpdateOne({"_id": one.matter.about}, {"$setOnInsert": _document(one, self._clock())}, upsert=True)
            for one in escalations
        ]
        await self._write(writes)

    async def stop(self, stops: Iterable[Stop]) -> int:
        """Ends what was asked before and is answered or overtaken; how many that were."""
        return await self._write([UpdateMany(_asked(stop), self._end(stop.why)) for stop in stops])

    async def acknowledge(self, notices: Sequence[Mapping[str, Any]], by: UUID) -> list[UUID]:
        """Ends what notices are about, and what their agency was asked of the same referrals; the matters that were open. `by`:
        the message that told of them."""
        of_the_same = [{"referral": one["referral"], "agency": one["awaits"]} for one in notices if one["awaits"]]
        whose = [{"_id": {"$in": [notice["about"] for notice in notices]}}, *of_the_same]
        found = self.escalations.find({"status": OPEN, "$or": whose}, {"_id": 1})
        ids = [document["_id"] for document in await found.to_list(None)]
        end = self._end(Ended.acknowledged)
        end["$set"]["by"] = by
        await self.escalations.update_many({"_id": {"$in": ids}, "status": OPEN}, end)
        return ids

    async def due(self, most: int) -> list[Escalation]:
        """Escalations whose next step is due, the longest due first."""
        found = self.escalations.find({"due": {"$lte": self._clock()}}).sort("due", ASCENDING).limit(most)
        return [escalation for document in await found.to_list(most) if (escalation := _readable(document))]

    async def later_than(self, now: datetime) -> AsyncIterator[Escalation]:
        """Open ones whose next step is not due yet."""
        async for document in self.escalations.find({"due": {"$gt": now}}):
            if escalation := _readable(document):
                yield escalation

    async def hasten(self, escalation: Escalation, due: datetime) -> None:
        """Makes its next step due at this time, where it would be later, and where it has not been taken meanwhile."""
        guard = {"_id": escalation.matter.about, "version": escalation.version, "due": {"$gt": due}}
        await self.escalations.update_one(guard, {"$set": {"due": due}})

    async def advance(self, turns: Sequence[Turn]) -> list[UUID]:
        """Writes down steps taken, each where nobody did meanwhile. Returns the matters that have ended in between."""
        matched = await self._write([self._advance(turn) for turn in turns])
        if matched == len(turns):
            return []
        ids = [turn.before.matter.about for turn in turns if turn.after]
        ended = self.escalations.find({"_id": {"$in": ids}, "status": {"$ne": OPEN}}, {"_id": 1})
        return [document["_id"] for document in await ended.to_list(None)]

    async def waiting(self) -> tuple[int, datetime | None]:
        """How many are open, and when the one that is due first is due."""
        first = await self.escalations.find_one(_OPEN, {"due": 1}, sort=[("due", ASCENDING)], hint="due")
        return await self.escalations.count_documents(_OPEN, hint="due"), first["due"] if first else None

    def _advance(self, turn: Turn) -> UpdateOne:
        guard = {"_id": turn.before.matter.about, "version": turn.before.version, "status": OPEN}
        if turn.after is None:
            return UpdateOne(guard, self._end(Ended.told_all))
        return UpdateOne(guard, {"$set": {"taken": turn.after.taken, "due": turn.after.due}, "$inc": {"version": 1}})

    def _end(self, why: Ended) -> dict[str, Any]:
        return {"$set": {"status": why.value, "ended": self._clock()}, "$unset": {"due": ""}, "$inc": {"version": 1}}

    async def _write(self, writes: Sequence[UpdateOne | UpdateMany]) -> int:
        if not writes:
            return 0
        try:
            return int((await self.escalations.bulk_write(list(writes))).matched_count)
        except BulkWriteError:
            raise Unavailable("mongodb: a write was not confirmed") from None


def _asked(stop: Stop) -> dict[str, Any]:
    whose = {"agency": stop.agency} if stop.agency else {}
    return {"referral": stop.matter.referral, "sequence": {"$lt": stop.matter.sequence}, "status": OPEN, **whose}


def _document(escalation: Escalation, now: datetime) -> dict[str, Any]:
    facts = asdict(escalation.matter)
    facts["urgency"] = escalation.matter.urgency.value
    facts["asked_as"] = escalation.matter.asked_as.value if escalation.matter.asked_as else None
    del facts["about"]
    return {**facts, "status": OPEN, "taken": escalation.taken, "due": escalation.due, "version": 1, "opened": now}


def _readable(document: Mapping[str, Any]) -> Escalation | None:
    """None where another version of this program wrote what this one does not know: it must not hold up the others."""
    try:
        return _escalation(document)
    except (KeyError, ValueError) as error:
        log.error("escalation_unreadable", error=type(error).__name__)
        return None


def _escalation(document: Mapping[str, Any]) -> Escalation:
    matter = Matter(
        about=document["_id"],
        referral=document["referral"],
        correlation=document["correlation"],
        sequence=document["sequence"],
        at=document["at"],
        when=document["when"],
        urgency=Urgency(document["urgency"]),
        agency=document["agency"],
        asked_as=AssignmentRole(document["asked_as"]) if document["asked_as"] else None,
        answer_by=document["answer_by"],
    )
    return Escalation(matter, document["due"], document["taken"], document["version"])
