"""Reads topics from their first records to their ends, without a consumer group: the live readers notice nothing."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.reporting.refusal import Refused
from shared.broker import connection
from shared.settings import KafkaSettings

PATIENCE = 60.0
"""Seconds without a record, while there are some, after which the broker counts as away."""
MOST = 2000
"""Records in one batch."""


class Tail:
    """Several topics. `ends` is where each partition ended when it was last asked, `here` how far it has been read."""

    def __init__(self, settings: KafkaSettings, topics: Sequence[str]) -> None:
        self._settings = settings
        self._topics = topics
        self._consumer = _consumer(settings, *topics)
        self.ends: Mapping[TopicPartition, int] = {}
        self.here: dict[TopicPartition, int] = {}

    async def open(self) -> None:
        """Connects. Refused where a topic is not there or no longer holds its first records."""
        if missing := sorted(set(self._topics) - await _existing(self._settings)):
            raise Refused(f"there is no topic {missing[0]}: is this the right broker and TOPIC_PREFIX?")
        await self._consumer.start()
        partitions = self._consumer.assignment()
        for partition, first in (await self._consumer.beginning_offsets(partitions)).items():
            if first:
                raise Refused(f"{partition.topic} no longer holds its first records; figures made from it would be too small.")
        self.here = dict.fromkeys(partitions, 0)
        await self.look()

    async def close(self) -> None:
        """Disconnects."""
        await self._consumer.stop()

    async def look(self) -> None:
        """Notes where the partitions end now."""
        self.ends = await self._consumer.end_offsets(self.here)

    def groups(self) -> list[list[TopicPartition]]:
        """Partitions that hold the same referrals: those of one number, as all topics have the same key and partition count."""
        by_number: dict[int, list[TopicPartition]] = defaultdict(list)
        for partition in self.here:
            by_number[partition.partition].append(partition)
        same = all(len(partitions) == len(self._topics) for partitions in by_number.values())
        return list(by_number.values()) if same else [list(self.here)]

    def rewind(self, partitions: Iterable[TopicPartition]) -> None:
        """Goes back to their first records."""
        self.here |= dict.fromkeys(partitions, 0)

    async def read(self, partitions: Iterable[TopicPartition]) -> AsyncIterator[list[Any]]:
        """Batches of records in order per partition, from where they have been read to the ends noted and not beyond."""
        wanted = {partition for partition in partitions if self.here[partition] < self.ends[partition]}
        self._consumer.pause(*self.here)
        for partition in wanted:
            self._consumer.seek(partition, self.here[partition])
        since = time.monotonic()
        while wanted:
            self._consumer.resume(*wanted)
            found = await self._consumer.getmany(*wanted, timeout_ms=500, max_records=MOST)
            if not found and time.monotonic() - since > PATIENCE:
                raise Refused("Kafka does not answer.")
            for partition, records in found.items():
                since, end = time.monotonic(), self.ends[partition]
                self.here[partition] = min(records[-1].offset + 1, end)
                if records[0].offset < end:
                    yield [record for record in records if record.offset < end]
            done = {partition for partition in wanted if self.here[partition] >= self.ends[partition]}
            self._consumer.pause(*done)
            wanted -= done


def _consumer(settings: KafkaSettings, *topics: str) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        *topics,
        **connection(settings),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,  # a request that waits for paused partitions holds up the others
    )


async def _existing(settings: KafkaSettings) -> set[str]:
    """Asked beforehand, as a consumer waits long for a topic that is not there."""
    consumer = _consumer(settings)
    try:
        await consumer.start()
        return set(await consumer.topics())
    finally:
        await consumer.stop()
