"""An agency that works as it should while others do not: reads its inbox outside, accepts what it is offered."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer

from deploy.embedded import Access
from shared.broker import Message, Publisher, connection
from shared.events.agency import AgencyAccepted
from shared.events.codec import encode
from shared.topics import ACTIVITY, inbox, outbox

OFFERED, ACCEPTED = b'"org.rhtrt.assignment.offered.v1"', b'"org.rhtrt.assignment.accepted.v1"'


@dataclass
class ThirdAgency:
    """By referral, in seconds since 1970: when it was offered to the agency, and when its acceptance had its effect."""

    access: Access
    name: str
    offered: dict[str, float] = field(default_factory=dict)
    took_effect: dict[str, float] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _clients: list[Any] = field(default_factory=list)

    async def __aenter__(self) -> ThirdAgency:
        mine, admin = connection(self.access.outside_settings(self.name)), connection(self.access.settings())
        own, all_ = AIOKafkaConsumer(inbox(self.name), **mine), AIOKafkaConsumer(ACTIVITY, **admin)
        publisher = Publisher(self.access.outside_settings(self.name))
        self._clients = [own, all_, publisher]
        for consumer in (own, all_):
            await consumer.start()
            await consumer.seek_to_end()
        self._tasks = [asyncio.create_task(self._answer(own, publisher)), asyncio.create_task(self._observe(all_))]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for client in self._clients:
            await client.stop()

    async def _answer(self, own: AIOKafkaConsumer, publisher: Publisher) -> None:
        async for record in own:
            if OFFERED in record.value:
                referral = record.key.decode()
                self.offered.setdefault(referral, time.time())
                await publisher.send([Message(outbox(self.name), record.key, self._accepted(referral))])

    def _accepted(self, referral: str) -> bytes:
        subject, at = UUID(referral), datetime.now(UTC)
        return encode(AgencyAccepted(id=uuid5(subject, self.name), source=f"/agencies/{self.name}", subject=subject, time=at))

    async def _observe(self, activity: AIOKafkaConsumer) -> None:
        mine = f'"agency":"{self.name}"'.encode()
        async for record in activity:
            if ACCEPTED in record.value and mine in record.value:
                self.took_effect.setdefault(record.key.decode(), time.time())
