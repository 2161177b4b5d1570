"""How we speak to Kafka: one place for the settings that decide whether anything can be lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.delivery.errors import Unavailable
from shared.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class Message:
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
                futures = [await current.send(m.topic, m.value, key=m.key, headers=list(m.headers) or None) for m in messages]
                await asyncio.gather(*futures)
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
