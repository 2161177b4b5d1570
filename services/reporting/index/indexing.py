"""Puts cases into an index, each under the number that it keeps for ever."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from services.reporting.index.index import Index
from services.reporting.index.memberships import memberships
from services.reporting.index.numbers import Numbers

T = TypeVar("T")
AT_ONCE: Final = 200
"""Cases worked on before others have their turn: some 40 ms."""


class Indexing:
    """Days are those of the zone."""

    def __init__(self, numbers: Numbers, zone: ZoneInfo) -> None:
        self._numbers = numbers
        self.zone = zone

    async def put(self, index: Index, cases: Sequence[Any]) -> None:
        """Cases whose first event has come. The readers go on meanwhile."""
        for start in range(0, len(cases), AT_ONCE):
            some = cases[start : start + AT_ONCE]
            numbers = await self._numbers.of(case["_id"] for case in some)
            index.put({numbers[case["_id"]]: memberships(case, self.zone) for case in some})
            await asyncio.sleep(0)


async def batches(several: AsyncIterator[T], most: int = AT_ONCE) -> AsyncIterator[list[T]]:
    """So many at once."""
    batch: list[T] = []
    async for one in several:
        batch.append(one)
        if len(batch) == most:
            yield batch
            batch = []
    if batch:
        yield batch
