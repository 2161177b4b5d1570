"""How far each referral was applied, in MongoDB. `referrals`: `{_id: referral, applied, urgency}`, see `Standing`."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from pymongo import UpdateOne

from services.notifications.plan.standing import Standing
from services.notifications.store import refused
from shared.delivery.errors import Unavailable
from shared.mongo import Database
from shared.vocabulary import Urgency


class StandingStore:
    """The standings of all referrals."""

    def __init__(self, database: Database) -> None:
        self._referrals = database["referrals"]

    async def load(self, referrals: Iterable[UUID]) -> dict[UUID, Standing]:
        """How far the referrals have been applied; those never seen are left out."""
        found = self._referrals.find({"_id": {"$in": list(referrals)}})
        return {d["_id"]: Standing(d["applied"], _urgency(d["urgency"])) async for d in found}

    async def advance(self, standings: Mapping[UUID, Standing]) -> None:
        """Moves standings forward, never back."""
        writes = [_forward(referral, standing) for referral, standing in standings.items()]
        if writes and await refused(self._referrals.bulk_write(writes, ordered=False)):
            raise Unavailable("mongodb: another instance wrote the same referral first")


def _forward(referral: UUID, standing: Standing) -> UpdateOne:
    newer = {"$gt": [standing.applied, {"$ifNull": ["$applied", 0]}]}
    urgency = {"$cond": [newer, standing.urgency.value if standing.urgency else None, {"$ifNull": ["$urgency", None]}]}
    change = {"$set": {"urgency": urgency, "applied": {"$max": ["$applied", standing.applied]}}}
    return UpdateOne({"_id": referral}, [change], upsert=True)


def _urgency(term: str | None) -> Urgency | None:
    return Urgency(term) if term in Urgency.terms() else None
