"""The collection `standings`: which agencies each referral is assigned to, as last heard."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from services.intake.access.standing import Ended, Standing
from shared.mongo import Database
from shared.vocabulary import AssignmentStatus

DUPLICATE_KEY = 11000
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Standings:
    """One document a referral; a write takes effect only on the one that was loaded."""

    def __init__(self, database: Database) -> None:
        self._standings = database["standings"]

    async def load(self, referrals: Collection[str]) -> dict[str, Standing]:
        """By referral; where nothing was heard, the empty one."""
        found = self._standings.find({"_id": {"$in": list(referrals)}})
        known = {document["_id"]: _standing(document) async for document in found}
        return {referral: known.get(referral, Standing()) for referral in referrals}

    async def ended(self) -> AsyncIterator[tuple[str, Ended]]:
        """Every referral that has ended, with its end, the oldest end first."""
        async for document in self._standings.find({"ended.at": {"$gt": _EVER}}).sort("ended.at", 1):
            yield document["_id"], Ended(document["ended"]["reason"], document["ended"]["at"])

    async def prepare(self) -> None:
        """The index by which those that ended are found."""
        await self._standings.create_index("ended.at", name="ended", sparse=True)

    async def save(self, changes: Sequence[tuple[str, Standing, Standing]]) -> bool:
        """Each: referral, before, after. Whether all took effect; what did not was changed by somebody else meanwhile."""
        writes = [
            ReplaceOne({"_id": referral, "sequence": before.sequence}, _document(after), upsert=before.sequence == 0)
            for referral, before, after in changes
        ]
        try:
            done = await self._standings.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if all(one["code"] == DUPLICATE_KEY for one in error.details["writeErrors"]):
                return False
            raise
        return done.matched_count + done.upserted_count == len(writes)


def _document(standing: Standing) -> dict[str, Any]:
    ended = standing.ended
    return {
        "sequence": standing.sequence,
        "assignments": {agency: status.value for agency, status in standing.assignments.items()},
        "ended": {"reason": ended.reason, "at": ended.at} if ended else None,
    }


def _standing(document: Mapping[str, Any]) -> Standing:
    ended = document["ended"]
    return Standing(
        document["sequence"],
        {agency: AssignmentStatus(status) for agency, status in document["assignments"].items()},
        Ended(ended["reason"], ended["at"]) if ended else None,
    )
