"""A reader's place in its topics: committed behind the work, and gone back to where work has failed."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from aiokafka import TopicPartition

from shared.delivery import metrics
from shared.delivery.under_way import Offsets

log = structlog.get_logger(__name__)


class Place:
    """The place of the reader `name`. `consumer`: aiokafka's, once it has started."""

    def __init__(self, name: str, consumer: Callable[[], Any]) -> None:
        self._name = name
        self._consumer = consumer
        self._next: Offsets = {}
        self._committing: asyncio.Task[None] | None = None

    def commit_behind(self, offsets: Offsets) -> None:
        """Commits while more is read and applied: one commit at a time, of all that is done by then."""
        self._next |= offsets
        if self._next and (self._committing is None or self._committing.done()):
            self._committing = asyncio.create_task(self._commit())

    async def _commit(self) -> None:
        """A failed commit means redelivery, which `apply` bears."""
        while self._next:
            offsets, self._next = self._next, {}
            try:
                await self._consumer().commit({TopicPartition(*place): offset for place, offset in offsets.items()})
            except Exception as error:
                metrics.COMMIT_FAILURES.labels(self._name).inc()
                log.warning("commit_failed", reader=self._name, error=type(error).__name__)

    async def committed(self, patience: float | None = None) -> None:
        """Returns when no commit is under way, or after `patience` seconds."""
        if self._committing is not None:
            await asyncio.wait({self._committing}, timeout=patience)

    def go_back(self, offsets: Offsets) -> None:
        """Reads from these on again. For the loop that asks for records, while it is not asking."""
        for place, offset in offsets.items():
            try:
                self._consumer().seek(TopicPartition(*place), offset)
            except Exception as error:
                # The partition moved to another member: it starts from the committed offset there.
                log.info("seek_refused", reader=self._name, error=type(error).__name__)
