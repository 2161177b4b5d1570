"""Every agency's inbox, read as an agency's system reads it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer

from shared.broker import connection
from shared.settings import KafkaSettings
from shared.topics import agency_of, inbox

OFFERED = b'"org.rhtrt.assignment.offered.v1"'


@dataclass
class Inboxes:
    """`offers`: when (seconds since 1970) an offer of a referral was in an agency's hands, and the event; the first counts."""

    kafka: KafkaSettings
    agencies: Sequence[str]
    offers: dict[tuple[str, str], tuple[float, bytes]] = field(default_factory=dict)
    _reading: Any = None
    _consumer: Any = None

    async def __aenter__(self) -> Inboxes:
        topics = map(inbox, self.agencies)
        self._consumer = AIOKafkaConsumer(*topics, **connection(self.kafka), auto_offset_reset="earliest")
        await self._consumer.start()
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        await self._consumer.stop()

    async def _read(self) -> None:
        while True:
            batches = await self._consumer.getmany(timeout_ms=1000)
            now = time.time()
            for partition, records in batches.items():
                agency = agency_of(partition.topic)
                for record in records:
                    if OFFERED in record.value:
                        self.offers.setdefault((record.key.decode(), agency), (now, record.value))
