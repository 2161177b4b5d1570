"""The writing half of delivery: an event is stored in the document that caused it, then published, then cleared.

A document carries `outbox: [{id, at, topics, key, body}]`, oldest first. The write that changes the document appends its
events in the same atomic operation, so neither can exist without the other. Publishing takes the **whole** pending outbox
of a document and clears it by event id when all of it is acknowledged: two instances may do so at once, which can double
an event but never lose or reorder one. A sweeper finds what a crash left behind.

A writer of many documents may add a `stamp`: a new id in every write that adds to an outbox. While a document bears the stamp
of the write whose outbox was published, nothing was added since, and it is cleared without looking for the events one by one.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from pymongo.write_concern import WriteConcern

from shared.broker import Message, Publisher
from shared.clock import Clock
from shared.crash import crash_point
from shared.delivery import metrics
from shared.delivery.errors import Unavailable
from shared.events.codec import encode
from shared.events.envelope import CONTENT_TYPE, Event
from shared.mongo import UNAVAILABLE, Collection

log = structlog.get_logger(__name__)
_HEADERS = (("content-type", CONTENT_TYPE.encode()),)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_RACE = timedelta(seconds=2)  # younger events are still being published by whoever wrote them
_AHEAD = timedelta(minutes=1)  # the clocks of those who write here differ by less


def pending(event: Event, topics: Sequence[str], at: datetime) -> dict[str, Any]:
    """One entry of a document's outbox."""
    return entry(str(event.id), str(event.subject), encode(event), topics, at)


def entry(id_: str, key: str, body: bytes, topics: Sequence[str], at: datetime) -> dict[str, Any]:
    """One entry of a document's outbox, for a writer in a hurry who has encoded the event already."""
    return {"id": id_, "at": at, "topics": topics, "key": key, "body": body}


def _messages(documents: Iterable[Mapping[str, Any]]) -> list[Message]:
    return [
        Message(topic, key, entry["body"], _HEADERS)
        for document in documents
        for entry in document["outbox"]
        for key in (entry["key"].encode(),)
        for topic in entry["topics"]
    ]


class Relay:
    """Publishes the outboxes of one collection."""

    def __init__(self, name: str, collection: Collection, publisher: Publisher, clock: Clock) -> None:
        self.name = name
        self._collection = collection
        # A lost clear only doubles events, so it need not wait for the journal.
        self._clearing = collection.with_options(write_concern=WriteConcern(w=1))
        self._publisher = publisher
        self._clock = clock
        self._written: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue(maxsize=5000)

    async def ensure_index(self) -> None:
        """The index the sweeper looks with."""
        await self._collection.create_index("outbox.at", name="outbox_pending", sparse=True)

    async def publish(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """Publishes everything pending in the documents, then clears it. Unavailable where the broker is away."""
        waiting = [document for document in documents if document["outbox"]]
        if not waiting:
            return
        messages = _messages(waiting)
        crash_point("before_publish")
        await self._publisher.send(messages)
        crash_point("before_clear")
        await self._clear(waiting)
        metrics.PUBLISHED.labels(self.name).inc(len(messages))

    async def _clear(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """By the stamp of the one write they share, or else by the events' ids, which no two documents share.

        What was appended since stays. The driver repeats no such update by itself; one that failed leaves the sweeper to it.
        """
        them = {"_id": {"$in": [document["_id"] for document in documents]}}
        stamps = {document.get("stamp") for document in documents}
        if len(stamps) == 1 and (stamp := stamps.pop()):
            cleared = await self._clearing.update_many({**them, "stamp": stamp}, {"$set": {"outbox": []}})
            if cleared.matched_count == len(documents):
                return
        ids = [entry["id"] for document in documents for entry in document["outbox"]]
        await self._clearing.update_many(them, {"$pull": {"outbox": {"id": {"$in": ids}}}})

    def hint(self, document: Mapping[str, Any]) -> None:
        """Says that a document has just been written. Only speed depends on it: when full, the sweeper takes over."""
        if not self._written.full():
            self._written.put_nowait(document)

    async def run(self) -> None:
        """Publishes what is hinted, in batches, as it comes. Ends by cancellation."""
        while True:
            batch = [await self._written.get()]
            while len(batch) < 500 and not self._written.empty():
                batch.append(self._written.get_nowait())
            await self._try(self.publish(batch))

    async def sweep(self) -> int:
        """Publishes what has been pending for more than two seconds, or since before the clock was set back; how many documents
        that were."""
        now = self._clock()
        left = {"$or": [{"outbox.at": {"$lt": now - _RACE}}, {"outbox.at": {"$gt": now + _AHEAD}}]}
        documents = await self._collection.find(left, {"outbox": 1}).sort("outbox.at", 1).limit(500).to_list(500)
        await self.publish(documents)
        metrics.SWEPT.labels(self.name).inc(len(documents))
        return len(documents)

    async def age(self) -> float:
        """Seconds since the oldest pending event was written; also sets the gauge."""
        oldest = await self._collection.find_one({"outbox.at": {"$gt": _EVER}}, {"outbox": 1}, sort=[("outbox.at", 1)])
        seconds = (self._clock() - oldest["outbox"][0]["at"]).total_seconds() if oldest and oldest["outbox"] else 0.0
        metrics.OUTBOX_AGE.labels(self.name).set(max(0.0, seconds))
        return seconds

    async def run_sweeper(self, every: float = 1.0) -> None:
        """Sweeps until nothing is left, then waits. Ends by cancellation."""
        while True:
            await self._try(self._sweep_and_measure())
            await asyncio.sleep(every)

    async def _sweep_and_measure(self) -> None:
        while await self.sweep() == 500:
            pass
        await self.age()
        metrics.LOOP_SUCCESS.labels(f"sweep_{self.name}").set_to_current_time()

    async def drain(self) -> None:
        """Publishes what is still hinted: for a quiet shutdown. What fails is left to the sweeper."""
        rest = [self._written.get_nowait() for _ in range(self._written.qsize())]
        await self._try(self.publish(rest))

    async def _try(self, work: Any) -> None:
        try:
            await work
        except (Unavailable, *UNAVAILABLE) as error:
            metrics.RELAY_FAILURES.labels(self.name).inc()
            log.warning("outbox_waits", outbox=self.name, error=type(error).__name__)
            await asyncio.sleep(0.2)
