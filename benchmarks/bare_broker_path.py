"""The bare loop that the broker path is held against: aiokafka alone, batches of 500, everything acknowledged, one commit.

It decodes nothing, checks nothing, and asks no database whether a key is held back. `send` hands aiokafka one message after
another, as its documentation shows; `packed` fills one batch a partition by hand, as our Publisher does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from zlib import crc32

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from benchmarks.pace import Lap, Pace
from shared.broker import connection
from shared.settings import KafkaSettings

BATCH = 500
HEADERS = [("content-type", b"application/cloudevents+json")]
Produce = Callable[[AIOKafkaProducer, str, Sequence[Any]], Awaitable[None]]


def consumer(kafka: KafkaSettings, topic: str, group: str) -> AIOKafkaConsumer:
    """With the settings of our subscribers."""
    return AIOKafkaConsumer(
        topic,
        **connection(kafka),
        group_id=group,
        group_instance_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=10_000,
        fetch_max_wait_ms=100,
    )


def producer(kafka: KafkaSettings) -> AIOKafkaProducer:
    """With the settings of our producer."""
    return AIOKafkaProducer(**connection(kafka), acks="all", enable_idempotence=True, linger_ms=1, max_batch_size=256 * 1024)


async def run(kafka: KafkaSettings, topics: tuple[str, str], group: str, count: int, produce: Produce) -> Lap:
    """Copies `count` records from the first topic to the second."""
    pace, (source, target) = Pace(), topics
    async with consumer(kafka, source, group) as reading, producer(kafka) as writing:
        while pace.events < count:
            batches = await reading.getmany(timeout_ms=50, max_records=BATCH)
            records = [record for batch in batches.values() for record in batch]
            if not records:
                continue
            pace.tick(len(records))
            await produce(writing, target, records)
            await reading.commit({TopicPartition(r.topic, r.partition): r.offset + 1 for r in records})
    return pace.lap()


async def send(writing: AIOKafkaProducer, target: str, records: Sequence[Any]) -> None:
    """One by one into the producer's buffer, then all acknowledgements."""
    await asyncio.gather(*[await writing.send(target, r.value, key=r.key, headers=HEADERS) for r in records])


async def packed(writing: AIOKafkaProducer, target: str, records: Sequence[Any]) -> None:
    """One batch a partition, then all acknowledgements. A batch that is full is sent, and another one begun."""
    partitions = sorted(await writing.partitions_for(target))
    waiting: list[Any] = []
    open_: dict[int, Any] = {}

    async def submit(partition: int) -> None:
        batch = open_.pop(partition)
        batch.close()
        waiting.append(await writing.send_batch(batch, target, partition=partition))

    for r in records:
        partition = partitions[crc32(r.key) % len(partitions)]
        while True:
            batch = open_.get(partition)
            if batch is None:
                batch = open_[partition] = writing.create_batch()
            if batch.append(key=r.key, value=r.value, timestamp=None, headers=HEADERS):
                break
            await submit(partition)
    for partition in list(open_):
        await submit(partition)
    await asyncio.gather(*waiting)
