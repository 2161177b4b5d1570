"""From a batch of Kafka records to effects, once each, in order per key."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import stamina
import structlog
from aiokafka import TopicPartition

from shared.broker import Publisher
from shared.crash import crash_point
from shared.delivery import metrics
from shared.delivery.dead_letters import dead_letter
from shared.delivery.errors import Halted, Permanent, Poison, Reason, Unavailable
from shared.delivery.halt import DeadShare
from shared.delivery.parking import Parking
from shared.delivery.record import Apply, Record, Stored
from shared.mongo import UNAVAILABLE

T = TypeVar("T")
log = structlog.get_logger(__name__)
_AWAY = (Unavailable, *UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Letter(Generic[T]):
    """A record and the event in it."""

    record: Record
    event: T

    @property
    def key(self) -> bytes:
        """The key that order is kept for."""
        return self.record.key or b""


@dataclass(slots=True)
class Dead:
    """A record that had no effect, and why."""

    record: Record
    reason: Reason


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the reader tries. Seconds."""

    attempts: int = 4
    first_wait: float = 0.1
    longest_wait: float = 2.0
    batch: float = 120.0
    """Far below Kafka's max.poll.interval (300 s): past it the member is thrown out and the batch repeats for ever."""
    unavailable_wait: float = 0.5


@dataclass
class Reader(Generic[T]):
    """One consumer group's way through its topics.

    `decode` turns a record into an event or raises Poison. `apply` gives many events their effect; it must be idempotent,
    and may raise Permanent, Transient or Unavailable. It is called with the whole batch first, and only if that fails with
    one event at a time, so that a single bad event costs speed and nothing else.
    """

    name: str
    decode: Callable[[Stored], T]
    apply: Apply
    parking: Parking
    publisher: Publisher
    consumer: Callable[[], Any]
    """aiokafka's consumer, once it has started."""
    on_halt: Callable[[], None]
    patience: Patience = field(default_factory=Patience)
    share: DeadShare = field(default_factory=DeadShare)
    last_batch: float = field(default_factory=time.monotonic)
    busy: bool = False
    halted: bool = False
    subscriber: Any = None
    """The FastStream subscriber this reader hangs on."""
    _committing: asyncio.Task[None] | None = None

    async def __call__(self, records: Sequence[Record]) -> None:
        """Handles a batch and commits it, or seeks back to its start. Never raises but for cancellation."""
        self.busy = True
        try:
            async with asyncio.timeout(self.patience.batch):
                await self.handle(records)
            crash_point("before_commit")
            await self._commit_behind(records)
        except Halted as error:
            self._seek_back(records)
            self._halt(error)
        except Exception as error:
            self._seek_back(records)
            metrics.REDELIVERIES.labels(self.name).inc()
            log.warning("batch_not_done", reader=self.name, error=type(error).__name__, records=len(records))
            await asyncio.sleep(self.patience.unavailable_wait)
        finally:
            self.busy = False
            self.last_batch = time.monotonic()

    async def handle(self, records: Sequence[Record]) -> None:
        """Gives every record its effect, or its place among the dead letters. Returns when both are durable."""
        letters, dead = await self._sort(records)
        dead += await self._apply_all(letters)
        place = {id(record): number for number, record in enumerate(records)}
        dead.sort(key=lambda d: place[id(d.record)])  # a key's events are parked as they came, whatever failed first
        counted = sum(d.reason is not Reason.behind_parked for d in dead)
        self.share.add(dead=counted, alive=len(records) - len(dead))
        await self._bury(dead)
        metrics.APPLIED.labels(self.name).inc(len(records) - len(dead))
        metrics.observe_delay(self.name, records)

    async def _sort(self, records: Sequence[Record]) -> tuple[list[Letter[T]], list[Dead]]:
        """Decodes; holds back what stands behind a parked key, or behind a record of this batch that cannot be read."""
        blocked = await self.parking.parked({r.key for r in records if r.key})
        letters: list[Letter[T]] = []
        dead: list[Dead] = []
        for record in records:
            try:
                if record.key in blocked:
                    raise Poison(Reason.behind_parked)
                letters.append(Letter(record, self.decode(record)))
            except Poison as error:
                dead.append(Dead(record, error.reason))
                if record.key:
                    blocked.add(record.key)
        return letters, dead

    async def _apply_all(self, letters: list[Letter[T]]) -> list[Dead]:
        try:
            await self._apply(letters)
        except _AWAY:
            raise
        except Exception as error:
            log.info("batch_taken_apart", reader=self.name, error=type(error).__name__)
            return await self._apply_singly(letters)
        return []

    async def _apply_singly(self, letters: Iterable[Letter[T]]) -> list[Dead]:
        dead: list[Dead] = []
        failed: set[bytes] = set()
        for letter in letters:
            if letter.key in failed:
                dead.append(Dead(letter.record, Reason.behind_parked))
                continue
            reason = await self._apply_patiently(letter)
            if reason is not None:
                dead.append(Dead(letter.record, reason))
                failed.add(letter.key)
        return dead

    async def _apply_patiently(self, letter: Letter[T]) -> Reason | None:
        """Tries one event a few times, inside its key's order; the reason where it stays without effect."""
        p = self.patience
        try:
            async for attempt in stamina.retry_context(
                on=_may_help, attempts=p.attempts, wait_initial=p.first_wait, wait_max=p.longest_wait, timeout=None
            ):
                with attempt:
                    await self._apply([letter])
        except _AWAY:
            raise
        except Permanent as error:
            return error.reason
        except Exception as error:
            log.error("event_failed", reader=self.name, error=type(error).__name__, exc_info=error)
            return Reason.retries_exhausted
        return None

    async def _apply(self, letters: Sequence[Letter[T]]) -> None:
        if letters:
            await self.apply([letter.event for letter in letters])

    async def _bury(self, dead: list[Dead]) -> None:
        if not dead:
            return
        await self.parking.park([(d.record, d.reason) for d in dead])
        await self.publisher.send([dead_letter(d.record, self.name, d.reason) for d in dead])
        for d in dead:
            metrics.DEAD_LETTERS.labels(self.name, d.reason.value).inc()
            log.error("dead_letter", reader=self.name, reason=d.reason.value, topic=d.record.topic, offset=d.record.offset)

    async def _commit_behind(self, records: Sequence[Record]) -> None:
        """Commits while the next batch is read and applied, one commit after the other; at shutdown waits for it."""
        await self.settled()
        self._committing = asyncio.create_task(self._commit(records))
        if self.subscriber is None or not self.subscriber.running:
            await self.settled()

    async def settled(self) -> None:
        """Returns when no commit is under way."""
        if self._committing is not None:
            await self._committing

    async def _commit(self, records: Sequence[Record]) -> None:
        """Commits exactly this batch. A failed commit means redelivery, which `apply` bears."""
        offsets = {(r.topic, r.partition): r.offset + 1 for r in records}
        try:
            await self.consumer().commit({TopicPartition(*place): offset for place, offset in offsets.items()})
        except Exception as error:
            metrics.COMMIT_FAILURES.labels(self.name).inc()
            log.warning("commit_failed", reader=self.name, error=type(error).__name__)

    def _seek_back(self, records: Sequence[Record]) -> None:
        first: dict[TopicPartition, int] = {}
        for r in records:
            first.setdefault(TopicPartition(r.topic, r.partition), r.offset)
        for partition, offset in first.items():
            try:
                self.consumer().seek(partition, offset)
            except Exception as error:
                # The partition moved to another member: it starts from the committed offset there.
                log.info("seek_refused", reader=self.name, error=type(error).__name__)

    def _halt(self, error: Halted) -> None:
        self.halted = True
        metrics.HALTED.labels(self.name).set(1)
        log.critical("reader_halted", reader=self.name, why=str(error))
        self.on_halt()


def _may_help(error: Exception) -> bool:
    return not isinstance(error, (Permanent, *_AWAY))
