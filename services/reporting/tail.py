"""Reads one topic from its first record to its end, without a consumer group: the live readers notice nothing."""

import time
from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer

from services.reporting.refusal import Refused
from shared.broker import connection
from shared.settings import KafkaSettings

PATIENCE = 60.0
"""Seconds without a record, while there are some, after which the broker counts as away."""


class Tail:
    """One topic. `total` and `done` count its records, for progress."""

    def __init__(self, settings: KafkaSettings, topic: str, most: int) -> None:
        self._consumer = AIOKafkaConsumer(
            topic,
            **connection(settings),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=2 * 1024 * 1024,
        )
        self._topic = topic
        self._most = most
        self.total = 0
        self.done = 0

    async def open(self) -> None:
        """Connects. Refused where the topic is not there or no longer holds its first records."""
        await self._consumer.start()
        partitions = self._consumer.assignment()
        if not partitions:
            raise Refused(f"there is no topic {self._topic}: is this the right broker and TOPIC_PREFIX?")
        if any((await self._consumer.beginning_offsets(partitions)).values()):
            raise Refused(f"{self._topic} no longer holds its first records, so figures made from it would be too small.")

    async def close(self) -> None:
        """Disconnects."""
        await self._consumer.stop()

    async def to_end(self) -> AsyncIterator[list[Any]]:
        """Batches of records, in order per partition, up to what is the end now. Goes on from there the next time."""
        ends = await self._consumer.end_offsets(self._consumer.assignment())
        here = {partition: await self._consumer.position(partition) for partition in ends}
        self.total += sum(max(0, ends[partition] - here[partition]) for partition in ends)
        since = time.monotonic()
        while any(here[partition] < ends[partition] for partition in ends):
            found = await self._consumer.getmany(timeout_ms=500, max_records=self._most)
            records = [record for batch in found.values() for record in batch]
            if records:
                here |= {partition: batch[-1].offset + 1 for partition, batch in found.items()}
                self.done, since = self.done + len(records), time.monotonic()
                yield records
            elif time.monotonic() - since > PATIENCE:
                raise Refused("Kafka does not answer.")
