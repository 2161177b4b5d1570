"""A failed event parks its key: what comes after it at this reader waits, so that nothing is applied out of order.

One document per reader and key in the service's own database holds the events in the order they came:
`{_id: {reader, key}, events: [{topic, partition, offset, reason, key, body, at}], gap_accepted: bool}`.
`replay` applies them and `skip` drops one; when none is left the document goes, and the key flows again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bson import MaxKey, MinKey
from bson.binary import Binary
from pymongo import UpdateOne

from shared.clock import Clock
from shared.delivery import metrics
from shared.delivery.errors import Reason
from shared.delivery.record import Stored
from shared.mongo import Collection

_FEW = 100
MOST_PER_KEY = 2000  # of about 1.5 kB: far under MongoDB's 16 MB for one document


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """One event that waits. Has the fields of a Kafka record that decoding looks at."""

    topic: str
    partition: int
    offset: int
    reason: Reason
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class ParkedKey:
    """A key and the events that wait for it, oldest first."""

    key: bytes
    events: tuple[ParkedEvent, ...]
    gap_accepted: bool


class Parking:
    """The parked keys of one reader."""

    def __init__(self, collection: Collection, reader: str, clock: Clock) -> None:
        self._collection = collection
        self._reader = reader
        self._clock = clock

    def _id(self, key: bytes) -> dict[str, Any]:
        return {"reader": self._reader, "key": Binary(key)}

    async def parked(self, keys: Iterable[bytes]) -> set[bytes]:
        """Which of the keys are held back: asked for every batch, while next to nothing is parked at any time.

        So it reads what is parked, and names the keys of the batch only where that is too much to read.
        """
        every = {"$gte": {"reader": self._reader, "key": MinKey()}, "$lte": {"reader": self._reader, "key": MaxKey()}}
        found = await self._keys(every, at_most=_FEW)
        if len(found) == _FEW:
            return await self._keys({"$in": [self._id(key) for key in keys]})
        return found.intersection(keys)

    async def _keys(self, ids: dict[str, Any], at_most: int = 0) -> set[bytes]:
        found = await self._collection.find({"_id": ids}, {"_id": 1}).limit(at_most).to_list(None)
        return {bytes(document["_id"]["key"]) for document in found}

    async def park(self, dead: Sequence[tuple[Stored, Reason]]) -> None:
        """Holds the records back. Parking the same record again changes nothing.

        A record without a key holds nothing back, but is kept under the empty key for an operator to look at.
        """
        await self._collection.bulk_write([self._push(record, reason) for record, reason in dead], ordered=True)
        await self.count()

    def _push(self, record: Stored, reason: Reason) -> UpdateOne:
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        entry = place | {"reason": reason.value, "body": Binary(record.value or b""), "at": self._clock()}
        return UpdateOne(
            {"_id": self._id(record.key or b"")},
            [
                {
                    "$set": {
                        "events": {
                            "$cond": [
                                {"$in": [place, {"$map": {"input": {"$ifNull": ["$events", []]}, "in": _PLACE}}]},
                                "$events",
                                {"$slice": [{"$concatArrays": [{"$ifNull": ["$events", []]}, [entry]]}, MOST_PER_KEY]},
                            ]
                        }
                    }
                }
            ],
            upsert=True,
        )

    async def all(self) -> list[ParkedKey]:
        """Every parked key of this reader, the longest parked first."""
        found = self._collection.find({"_id.reader": self._reader}).sort("events.0.at", 1)
        return [_parked_key(document) async for document in found]

    async def release(self, key: bytes, event: ParkedEvent, *, gap_accepted: bool = False) -> None:
        """Takes one event off; unparks the key where it was the last."""
        place = {"topic": event.topic, "partition": event.partition, "offset": event.offset}
        await self._collection.update_one(
            {"_id": self._id(key)}, {"$pull": {"events": place}, "$set": {"gap_accepted": gap_accepted}}
        )
        await self._collection.delete_one({"_id": self._id(key), "events": []})
        await self.count()

    async def note_skip(self, key: bytes, event: ParkedEvent, why: str) -> None:
        """Keeps for good which event an operator dropped, when and why: `{_id: {skipped: ...}, key, why, at}`."""
        place = {"reader": self._reader, "topic": event.topic, "partition": event.partition, "offset": event.offset}
        note = {"key": Binary(key), "why": why, "at": self._clock()}
        await self._collection.update_one({"_id": {"skipped": place}}, {"$set": note}, upsert=True)

    async def skipped(self) -> set[tuple[str, int, int]]:
        """Topic, partition and offset of every event that was ever dropped at this reader: a rebuild drops them too."""
        found = self._collection.find({"_id.skipped.reader": self._reader}, {"_id": 1})
        places = [document["_id"]["skipped"] async for document in found]
        return {(place["topic"], place["partition"], place["offset"]) for place in places}

    async def count(self) -> int:
        """How many keys are parked; also sets the gauge."""
        parked = await self._collection.count_documents({"_id.reader": self._reader})
        metrics.PARKED.labels(self._reader).set(parked)
        return parked


_PLACE = {"topic": "$$this.topic", "partition": "$$this.partition", "offset": "$$this.offset"}


def _parked_key(document: dict[str, Any]) -> ParkedKey:
    key = bytes(document["_id"]["key"])
    events = tuple(
        ParkedEvent(e["topic"], e["partition"], e["offset"], Reason(e["reason"]), key, bytes(e["body"]))
        for e in document["events"]
    )
    return ParkedKey(key, events, document.get("gap_accepted", False))
