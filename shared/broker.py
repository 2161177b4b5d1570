"""How we speak to Kafka: one place for the settings that decide whether anything can be lost."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.delivery.errors import Unavailable
from shared.settings import KafkaSettings


class Message(NamedTuple):
    """One record to publish."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def connection(settings: KafkaSettings) -> dict[str, Any]:
    """The connection arguments that every client shares."""
    shared: dict[str, Any] = {"bootstrap_servers": settings.bootstrap_servers, "client_id": settings.client_id}
    if settings.security_protocol == "PLAINTEXT":
        return shared
    password = settings.sasl_password.get_secret_value() if settings.sasl_password else None
    return shared | {
        "security_protocol": settings.security_protocol,
        "ssl_context": settings.ssl_context(),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": settings.sasl_username,
        "sasl_plain_password": password,
    }


def producer(settings: KafkaSettings) -> AIOKafkaProducer:
    """A producer that every in-sync replica has to answer and that never doubles or reorders on retry."""
    return AIOKafkaProducer(
        **connection(settings),
        acks="all",
        enable_idempotence=True,
        linger_ms=1,
        request_timeout_ms=settings.request_timeout_ms,
        max_batch_size=256 * 1024,
    )


class Publisher:
    """Publishes and waits for every acknowledgement; makes a new producer after any failure.

    aiokafka's producer can be dead for good after an error (fenced, out of order sequence, closed). Since nothing counts
    as published before it is acknowledged, throwing the producer away is always safe and the simplest cure.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: Any = None
        self._lock = asyncio.Lock()
        self.rebuilt = 0

    async def send(self, messages: Sequence[Message]) -> None:
        """Returns when all are acknowledged; Unavailable where one is not (it may have been published all the same)."""
        if not messages:
            return
        current = await self._started()
        try:
            async with asyncio.timeout(2 * self._settings.request_timeout_ms / 1000):
                await _Batches(current).send(messages)
        except (KafkaError, TimeoutError, OSError) as error:
            await self._discard(current)
            raise Unavailable(f"kafka: {type(error).__name__}") from None

    async def _started(self) -> AIOKafkaProducer:
        async with self._lock:
            if self._producer is None:
                fresh = producer(self._settings)
                try:
                    await fresh.start()
                except (KafkaError, OSError) as error:
                    await fresh.stop()
                    raise Unavailable(f"kafka: {type(error).__name__}") from None
                self._producer = fresh
            return self._producer

    async def _discard(self, broken: AIOKafkaProducer) -> None:
        async with self._lock:
            if self._producer is not broken:
                return
            self._producer = None
            self.rebuilt += 1
        stopping = asyncio.ensure_future(broken.stop())
        await asyncio.wait({stopping}, timeout=5)
        if not stopping.done():
            stopping.cancel()

    async def stop(self) -> None:
        """Sends what is buffered and closes."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None


class _Batches:
    """Packs messages into one batch a partition: a quarter of the processor time of sending them one by one.

    Order within a key holds: a key has one partition, and a partition's batches are sent in the order they were filled.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._open: dict[tuple[str, int], Any] = {}
        self._acknowledged: list[Any] = []
        self._partitions: dict[str, list[int]] = {}

    async def send(self, messages: Iterable[Message]) -> None:
        """Returns when the broker has acknowledged every message; raises the first failure."""
        for message in messages:
            if message.topic not in self._partitions:
                self._partitions[message.topic] = sorted(await self._producer.partitions_for(message.topic))
            place = message.topic, self._partition(message)
            while not self._append(place, message):
                await self._submit(place)
        for place in list(self._open):
            await self._submit(place)
        await asyncio.gather(*self._acknowledged)

    def _append(self, place: tuple[str, int], message: Message) -> bool:
        """False where the batch is full. An empty one takes a message of any size."""
        batch = self._open.get(place)
        if batch is None:
            batch = self._open[place] = self._producer.create_batch()
        added = batch.append(key=message.key, value=message.value, timestamp=None, headers=list(message.headers))
        return added is not None

    async def _submit(self, place: tuple[str, int]) -> None:
        batch = self._open.pop(place)
        batch.close()
        self._acknowledged.append(await self._producer.send_batch(batch, place[0], partition=place[1]))

    def _partition(self, message: Message) -> int:
        """By CRC-32, as librdkafka does by default: the hash of aiokafka (Java's) costs more than all the rest of sending.

        It has to be the same for all who write a topic, which is why everything of ours is published in here.
        """
        partitions = self._partitions[message.topic]
        return partitions[crc32(message.key or b"") % len(partitions)]


def kafka_broker(settings: KafkaSettings) -> KafkaBroker:
    """The FastStream broker that subscribers hang on. It never creates topics."""
    arguments = connection(settings)
    security = _security(settings)
    return KafkaBroker(
        arguments["bootstrap_servers"],
        client_id=settings.client_id,
        security=security,
        graceful_timeout=settings.drain_seconds,
        allow_auto_create_topics=False,
        logger=None,
    )


def _security(settings: KafkaSettings) -> Any:
    from faststream.security import SASLScram512  # noqa: PLC0415  # only where the bus is closed

    if settings.security_protocol == "PLAINTEXT":
        return None
    return SASLScram512(
        username=settings.sasl_username or "",
        password=settings.sasl_password.get_secret_value() if settings.sasl_password else "",
        ssl_context=settings.ssl_context(),
        use_ssl=settings.security_protocol == "SASL_SSL",
    )
