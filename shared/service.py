"""The life of a service: starts in any order, waits for what it needs and says for what, drains on SIGTERM."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from fastapi import FastAPI
from faststream.kafka import KafkaBroker
from pymongo.errors import PyMongoError

from shared import mongo
from shared.broker import Publisher, kafka_broker
from shared.clock import Clock, now
from shared.contracts.routes import contract_routes
from shared.delivery import metrics
from shared.delivery.parking import Parking
from shared.delivery.reader import Reader
from shared.delivery.watchdog import Watchdog
from shared.health import Health, health_routes
from shared.outbox import Relay
from shared.settings import ServiceSettings

log = structlog.get_logger(__name__)
Loop = Callable[[], Coroutine[Any, Any, None]]


class Service:
    """What every service stands on: database, broker, publisher, loops, HTTP with health and metrics.

    A service's `app.py` wires its own parts to it; nothing is connected before the HTTP application starts.
    """

    def __init__(self, name: str, title: str, settings: ServiceSettings, clock: Clock = now) -> None:
        self.name = name
        self.settings = settings
        self.clock = clock
        self.health = Health()
        self.client = mongo.connect(settings.mongo.connection_string())
        self.database = mongo.database(self.client, settings.mongo.database or name)
        self.publisher = Publisher(settings.kafka)
        self.broker: KafkaBroker = kafka_broker(settings.kafka)
        self._prepare: list[Callable[[], Awaitable[None]]] = []
        self._loops: dict[str, Loop] = {}
        self._relays: list[Relay] = []
        self.readers: list[Reader[Any]] = []
        self._needs_kafka = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.health.check("mongodb", self._ping)
        self.http = FastAPI(title=title, version="1", lifespan=self._lifespan, docs_url=None, redoc_url=None)
        self.http.include_router(health_routes(self.health))
        self.http.include_router(contract_routes(name))

    def prepare(self, step: Callable[[], Awaitable[None]]) -> None:
        """Adds a step, such as creating indexes, done once the database answers and before anything is read."""
        self._prepare.append(step)

    def loop(self, name: str, run: Loop, *, rounds: bool = True) -> None:
        """Adds a loop that runs until shutdown; if it raises, it is started again a second later.

        One that comes round by itself sets `LOOP_SUCCESS` each time; one with `rounds=False` only waits for work.
        """
        if rounds:
            metrics.LOOP_SUCCESS.labels(name).set_to_current_time()
        self._loops[name] = run

    def relay(self, name: str, collection: mongo.Collection) -> Relay:
        """A relay for one collection's outboxes, with its sweeper."""
        relay = Relay(name, collection, self.publisher, self.clock)
        self._relays.append(relay)
        self.prepare(relay.ensure_index)
        self.loop(f"relay_{name}", relay.run, rounds=False)
        self.loop(f"sweep_{name}", relay.run_sweeper)
        return relay

    def parking(self, group: str) -> Parking:
        """Where the reader `group` parks."""
        return Parking(self.database["parked"], group, self.clock)

    def reader(self, reader: Reader[Any], *, essential: bool = True) -> None:
        """Adds a reader: watched, and part of readiness, with Kafka, unless the service is of use without it."""
        metrics.start_reader(reader.name)
        self.readers.append(reader)
        self.loop(f"watch_{reader.name}", Watchdog(reader).run)

        async def halted() -> str | None:
            return "halted: too many dead letters; see docs/operations.md" if reader.halted else None

        if essential:
            self._needs_kafka = True
            self.health.check(reader.name, halted)

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        self.health.waiting = {"mongodb", "kafka"}
        self._spawn(self._start())
        try:
            yield
        finally:
            await self._stop()

    async def _start(self) -> None:
        """HTTP is open already. The database comes first, as without it nothing can be kept."""
        await self._until("mongodb", self._prepare_database)
        for name, loop in self._loops.items():
            self._spawn(self._for_ever(name, loop))
        if not self._needs_kafka:
            self.health.waiting.discard("kafka")
        if self.readers:
            await self._until("kafka", self.broker.start)
        for reader in self.readers:
            await self._parking_gauge(reader)
        log.info("started")

    async def _prepare_database(self) -> None:
        for step in self._prepare:
            await step()

    async def _parking_gauge(self, reader: Reader[Any]) -> None:
        await reader.parking.count()

    async def _until(self, what: str, attempt: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await attempt()
            except (PyMongoError, KafkaError, OSError) as error:
                log.warning("waiting", waiting_for=what, error=type(error).__name__)
                await asyncio.sleep(1)
            else:
                self.health.waiting.discard(what)
                return

    async def _for_ever(self, name: str, loop: Loop) -> None:
        while True:
            try:
                await loop()
            except Exception as error:
                log.error("loop_failed", loop=name, exc_info=error)
            await asyncio.sleep(1)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop(self) -> None:
        """Finishes the batches in hand, publishes what was written, closes."""
        await asyncio.gather(*[reader.close(self.settings.kafka.drain_seconds) for reader in self.readers])
        await self.broker.stop()
        for reader in self.readers:
            reader.cut_off()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for relay in self._relays:
            await relay.drain()
        await self.publisher.stop()
        self.client.close()
        log.info("stopped")

    async def _ping(self) -> str | None:
        try:
            await self.database.command("ping")
        except PyMongoError:
            return "the database does not answer"
        return None
