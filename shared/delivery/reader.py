"""From a batch of Kafka records to effects, once each, in order per key."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

import structlog

from shared.broker import Publisher
from shared.crash import crash_point
from shared.delivery import metrics
from shared.delivery.dead_letters import dead_letter
from shared.delivery.effect import Dead, Effect, Patience
from shared.delivery.errors import Halted, Reason, Unavailable
from shared.delivery.halt import DeadShare
from shared.delivery.parking import Parking
from shared.delivery.place import Place
from shared.delivery.record import Apply, Record, Stored
from shared.delivery.under_way import Batch, UnderWay

T = TypeVar("T")
log = structlog.get_logger(__name__)


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
    at_once: int = 1
    """Batches that are worked on at the same time; two that have a key in common never are."""
    patience: Patience = field(default_factory=Patience)
    share: DeadShare = field(default_factory=DeadShare)
    last_batch: float = field(default_factory=time.monotonic)
    halted: bool = False
    subscriber: Any = None
    """The FastStream subscriber this reader hangs on."""
    _under_way: UnderWay = field(default_factory=UnderWay)
    _works: set[asyncio.Task[None]] = field(default_factory=set)
    _failure: Exception | None = None
    _closing: bool = False

    def __post_init__(self) -> None:
        self._place = Place(self.name, self.consumer)

    async def __call__(self, records: Sequence[Record]) -> None:
        """Starts a batch, and returns when another one may be started, or is to be read again. Never raises but for
        cancellation.

        Batches are committed in the order they came, each when it and all before it are done. When one fails the others
        under way still end; then it and all behind it are read again.
        """
        batch = self._under_way.take(records)
        await self._until(lambda: self._under_way.is_next(batch))
        if self._failure is None:
            self._works.add(asyncio.create_task(self._work(batch)))
        await self._until(lambda: len(self._works) < self.at_once)
        if self._closing or self.subscriber is None or not self.subscriber.running:
            await self.settled()
        await self.give_back()

    @property
    def busy(self) -> bool:
        """Whether a batch is being worked on."""
        return bool(self._works)

    async def _until(self, ready: Callable[[], bool]) -> None:
        while self._works and self._failure is None and not ready():
            await asyncio.wait(self._works, return_when=asyncio.FIRST_COMPLETED)

    async def _work(self, batch: Batch) -> None:
        try:
            async with asyncio.timeout(self.patience.batch):
                await self.handle(batch.records)
            crash_point("before_commit")
        except Exception as error:
            self._failure = self._failure or error
        else:
            batch.done = True
            self._place.commit_behind(self._under_way.leave())
        finally:
            self.last_batch = time.monotonic()
            self._works.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def give_back(self) -> None:
        """Where a batch has failed: waits for the others, and seeks back to the first record that is not committed.

        For the loop that asks for batches, so that none is being fetched meanwhile.
        """
        if self._failure is None:
            return
        await self._all_works()
        failure, self._failure = self._failure, None
        self._place.go_back(self._under_way.give_up())
        if isinstance(failure, Halted):
            self._halt(failure)
            return
        metrics.REDELIVERIES.labels(self.name).inc()
        log.warning("batch_not_done", reader=self.name, error=type(failure).__name__)
        await asyncio.sleep(self.patience.unavailable_wait)
        self.last_batch = time.monotonic()

    async def handle(self, records: Sequence[Record]) -> None:
        """Gives every record its effect, or its place among the dead letters. Returns when both are durable."""
        parked = await self.parking.parked({r.key for r in records if r.key})
        dead = await Effect(self.name, self.decode, self.apply, self.patience).of(records, parked)
        place = {id(record): number for number, record in enumerate(records)}
        dead.sort(key=lambda d: place[id(d.record)])  # a key's events are parked as they came, whatever failed first
        counted = sum(d.reason is not Reason.behind_parked for d in dead)
        self.share.add(dead=counted, alive=len(records) - len(dead))
        await self._bury(dead)
        metrics.APPLIED.labels(self.name).inc(len(records) - len(dead))
        metrics.observe_delay(self.name, records)

    async def _bury(self, dead: list[Dead]) -> None:
        if not dead:
            return
        await self.parking.park([(d.record, d.reason) for d in dead])
        await self.publisher.send([dead_letter(d.record, self.name, d.reason) for d in dead])
        for d in dead:
            metrics.DEAD_LETTERS.labels(self.name, d.reason.value).inc()
            log.error("dead_letter", reader=self.name, reason=d.reason.value, topic=d.record.topic, offset=d.record.offset)

    async def settled(self) -> None:
        """Returns when nothing is under way and no commit."""
        await self._all_works()
        await self._place.committed()

    async def _all_works(self) -> None:
        while self._works:
            await asyncio.wait(self._works)

    async def close(self, patience: float) -> None:
        """Gives the batches under way `patience` seconds to end. What comes later is committed before more is asked for."""
        self._closing = True
        if self._works:
            await asyncio.wait(self._works, timeout=patience)
        self.cut_off()
        await self._place.committed(2)  # more would only wait for a broker that is away

    def cut_off(self) -> None:
        """Ends what is under way, wherever it is: without its commit it comes again. Nothing may overtake it."""
        for work in self._works:
            self._failure = self._failure or Unavailable("cut off")
            work.cancel()

    def _halt(self, error: Halted) -> None:
        self.halted = True
        metrics.HALTED.labels(self.name).set(1)
        log.critical("reader_halted", reader=self.name, why=str(error))
        self.on_halt()
