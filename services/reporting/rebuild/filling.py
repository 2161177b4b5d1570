"""Fills a fresh collection from the topics' first records to their ends, and the index of what is in it.

All events of some referrals are folded in memory, their cases are written once and put into the index, then come the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from math import ceil
from typing import Any, Final
from zlib import crc32

from services.reporting.cases.projections import Case
from services.reporting.index.index import Index
from services.reporting.index.indexing import Indexing
from services.reporting.rebuild.refold import Refold
from services.reporting.rebuild.tail import Tail
from services.reporting.refusal import Refused
from services.reporting.store import Cases, Present
from shared.crash import crash_point

AT_ONCE: Final = 1000
"""Cases written together."""


class Filling:
    """At most about `most_cases` are held in memory at once. `after` is told of every batch of so many events.

    Crash point: `reporting_filling`.
    """

    def __init__(
        self, tail: Tail, refolds: Mapping[str, Refold], first_topic: str, indexing: Indexing, most_cases: int
    ) -> None:
        self._tail = tail
        self._refolds = refolds
        self._first_topic = first_topic
        self._indexing = indexing
        self._most_cases = most_cases
        self.index = Index()

    async def into(self, fresh: Cases, after: Callable[[int], Awaitable[None]]) -> None:
        """Refused where the referrals do not lie in the partitions that their ids say."""
        for group in self._tail.groups():
            referrals = sum(self._tail.ends[partition] for partition in group if partition.topic == self._first_topic)
            slices = max(1, ceil(referrals / self._most_cases))
            for number in range(slices):
                self._tail.rewind(group)
                cases = await self._fold_slice(group, number, slices, after)
                await self._write(fresh, cases, after)
                crash_point("reporting_filling")
        self.index.pack()

    async def _fold_slice(
        self, group: Iterable[Any], number: int, slices: int, after: Callable[[int], Awaitable[None]]
    ) -> dict[bytes, Case]:
        """The cases of every `slices`-th key. Reading the others over again costs less than updating cases in the database."""
        cases: dict[bytes, Case] = {}
        async for records in self._tail.read(group):
            mine = [r for r in records if crc32(r.key or b"") % slices == number] if slices > 1 else records
            refold = self._refolds[records[0].topic]
            refold.into_memory(mine, cases)
            await refold.park(len(mine))
            await after(len(mine))
        return cases

    async def _write(self, fresh: Cases, cases: dict[bytes, Case], after: Callable[[int], Awaitable[None]]) -> None:
        """The database writes while we put the same cases into the index. Each is let go when it has been written."""
        keys = list(cases)
        for start in range(0, len(keys), AT_ONCE):
            documents = [{"_id": key.decode(), **cases.pop(key)} for key in keys[start : start + AT_ONCE]]
            received = [case for case in documents if case.get("intake", {}).get("received")]
            try:
                at = await fresh.clock()
                await asyncio.gather(fresh.insert(documents, at), self._indexing.put(self.index, received))
            except Present:
                raise Refused("a referral's events lie in partitions of different numbers: were partitions added?") from None
            await after(0)
