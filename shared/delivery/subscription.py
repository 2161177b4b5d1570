"""Hangs a reader on a FastStream batch subscriber, with the settings under which nothing is lost."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage

from shared.broker import Publisher
from shared.delivery.allowance import Allowance
from shared.delivery.errors import Poison, Reason
from shared.delivery.parking import Parking
from shared.delivery.reader import Reader
from shared.delivery.record import Apply, Record, Stored
from shared.events.codec import Codec
from shared.settings import ServiceSettings

T = TypeVar("T")
_FETCH_BYTES = 256 * 1024  # ahead of each partition: a megabyte each made notifications hold 7 MB more where many events wait


def subscribe(
    broker: KafkaBroker,
    settings: ServiceSettings,
    *,
    group: str,
    topics: Sequence[str],
    decode: Callable[[Stored], T],
    apply: Apply,
    parking: Parking,
    publisher: Publisher,
    pause: float = 0.0,
    on_halt: Callable[[], None] = lambda: None,
    allowance: Allowance | None = None,
    max_records: int | None = None,
    at_once: int = 1,
) -> Reader[T]:
    """A reader of `topics` in consumer group `group`; it starts with the broker.

    Offsets are committed by the reader alone. The group starts at the earliest record. The member is
    static (`group_instance_id`), so that a restart within the session timeout moves no partition. `pause`: seconds to wait
    before each batch, but after a full one, for a reader that nobody waits for: large batches cost everyone less.
    `allowance`: how fast each topic may be read, for topics that others than ourselves write. `max_records`: of one batch.
    `at_once`: batches that are worked on at the same time.
    """
    most = max_records or settings.kafka.max_records
    subscriber = _subscriber(broker, settings, group, topics, most)
    reader = Reader(
        name=group,
        decode=decode,
        apply=apply,
        parking=parking,
        publisher=publisher,
        consumer=lambda: subscriber.consumer,
        on_halt=on_halt,
        at_once=at_once,
    )

    async def handle(records: Any) -> None:
        await reader(records)

    subscriber(handle)
    subscriber.get_msg = _Batches(pause, allowance, most, reader.give_back).next
    reader.subscriber = subscriber
    return reader


def _subscriber(broker: KafkaBroker, settings: ServiceSettings, group: str, topics: Sequence[str], most: int) -> Any:
    return broker.subscriber(
        *[settings.topic(topic) for topic in topics],
        group_id=settings.topic_prefix + group,
        group_instance_id=f"{group}-{re.sub('[^a-zA-Z0-9._-]', '-', settings.instance)}",
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        batch=True,
        max_records=most,
        session_timeout_ms=settings.kafka.session_timeout_ms,
        heartbeat_interval_ms=settings.kafka.session_timeout_ms // 4,
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=_FETCH_BYTES,
        parser=_unparsed,
        decoder=_raw_records,
        no_reply=True,
    )


class _Batches:
    """Asks for batches in place of FastStream, which sleeps after a poll that found nothing: 25 ms on average in a quiet hour.

    `most`: records of one batch. `before`: what has to be done before anything is fetched. See `subscribe` for the others.
    """

    def __init__(self, pause: float, allowance: Allowance | None, most: int, before: Callable[[], Awaitable[None]]) -> None:
        self._pause = pause
        self._allowance = allowance
        self._most = most
        self._before = before
        self._behind = False

    async def next(self, consumer: Any) -> tuple[Record, ...]:
        """The next records, none where nothing came for a second."""
        await asyncio.sleep(0 if self._behind else self._pause)
        await self._before()
        if self._allowance is None:
            batches = await consumer.getmany(timeout_ms=1000, max_records=self._most)
        else:
            batches = await _allowed(consumer, self._allowance, self._most)
        found = tuple(record for records in batches.values() for record in records)
        self._behind = len(found) == self._most
        return found


async def _allowed(consumer: Any, allowance: Allowance, most: int) -> dict[Any, list[Record]]:
    """The next records of the topics that may be read now. What the others have fetched already stays where it is."""
    held, now = list(consumer.assignment()), time.monotonic()
    free = [place for place in held if allowance.left(place.topic, now) >= 1]
    if held and not free:
        await asyncio.sleep(allowance.rest([place.topic for place in held], now))
        return {}
    whole = len(free) == len(held)
    batches: dict[Any, list[Record]] = await consumer.getmany(*free, timeout_ms=1000 if whole else 100, max_records=most)
    for place, records in batches.items():
        allowance.take(place.topic, len(records), time.monotonic())
    return batches


async def _unparsed(records: tuple[Record, ...]) -> KafkaMessage:
    """Wraps the records untouched: FastStream's own parser fails on a header that is not UTF-8, and loses the batch."""
    return KafkaMessage(body=b"", raw_message=records, consumer=FAKE_CONSUMER)


async def _raw_records(message: KafkaMessage) -> Any:
    return message.raw_message


def keyed(codec: Codec[Any]) -> Callable[[Stored], Any]:
    """Decodes a record with the codec and checks that its key is its subject. Poison otherwise."""

    def decode(record: Stored) -> Any:
        event = codec.decode(record.value)
        if record.key != str(event.subject).encode():
            raise Poison(Reason.wrong_key)
        return event

    return decode
