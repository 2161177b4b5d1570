"""How a reader asks for its batches."""

from __future__ import annotations

import asyncio
from typing import Any

from faststream.kafka import KafkaBroker

from shared.delivery.subscription import subscribe
from shared.settings import KafkaSettings, ServiceSettings


class QuietThenOne:
    """A consumer whose first poll finds nothing."""

    def __init__(self) -> None:
        self.polls = 0

    async def getmany(self, **_: Any) -> dict[str, list[str]]:
        self.polls += 1
        return {} if self.polls == 1 else {"partition 0": ["a", "b"], "partition 1": ["c"]}


async def next_batches(consumer: QuietThenOne, count: int, pause: float = 0.0, most: int = 500) -> list[Any]:
    unused: Any = None
    settings = ServiceSettings(instance="one", kafka=KafkaSettings(max_records=most))
    reader = subscribe(
        KafkaBroker("127.0.0.1:1"), settings, group="g", topics=["t"], decode=unused, apply=unused,
        parking=unused, publisher=unused, pause=pause,
    )  # fmt: skip
    return [await reader.subscriber.get_msg(consumer) for _ in range(count)]


async def test_a_poll_that_found_nothing_is_followed_by_the_next_without_a_sleep() -> None:
    async with asyncio.timeout(0.1):  # FastStream's own sleeps as long as it polled
        assert await next_batches(QuietThenOne(), 2) == [(), ("a", "b", "c")]


async def test_a_reader_that_pauses_does_not_do_so_while_it_is_behind() -> None:
    async with asyncio.timeout(0.5):
        consumer = QuietThenOne()
        consumer.polls = 1
        assert len(await next_batches(consumer, 3, pause=0.15, most=3)) == 3


async def test_a_reader_that_nobody_waits_for_pauses_before_each_batch() -> None:
    begun = asyncio.get_running_loop().time()
    await next_batches(QuietThenOne(), 2, pause=0.02)
    assert asyncio.get_running_loop().time() - begun >= 0.04
