"""Writes that wait at the same time are made as one: what comes while a write is under way goes with the next.

A database takes about as long for many small writes in one transaction as for one. Nobody waits for others to come.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.delivery.errors import Unavailable

T = TypeVar("T")
TOGETHER = 2
"""Groups under way at a time: while one waits for the journal, the next is sent."""
LARGEST = 50
ALONE = 16
"""Single writes under way at a time. More would only wait inside the driver, where they cannot be given up."""


@dataclass(eq=False, slots=True)
class _Waiting(Generic[T]):
    item: T
    until: float
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class GroupCommit(Generic[T]):
    """`write` is given items and the time (of the event loop) from which on nobody waits for them; it writes all or none.

    Whatever but Unavailable it raises for several of them may concern one alone: then each is written by itself.
    """

    def __init__(self, write: Callable[[list[T], float], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: deque[_Waiting[T]] = deque()
        self._groups = 0
        self._alone = asyncio.Semaphore(ALONE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def save(self, item: T, until: float) -> None:
        """Returns once it is written. Unavailable where that is not certain in time: it may be written all the same."""
        waiting = _Waiting(item, until)
        self._waiting.append(waiting)
        if self._groups < TOGETHER:
            self._groups += 1
            self._spawn(self._write_groups())
        done, _ = await asyncio.wait({waiting.done}, timeout=until - asyncio.get_running_loop().time())
        if not done:
            waiting.done.cancel()
            raise Unavailable("mongodb: no answer in time")
        waiting.done.result()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Such a task is never cancelled: the driver's thread would go on with a session that is given back."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_groups(self) -> None:
        try:
            while group := self._next_group():
                await self._try(group)
        finally:
            self._groups -= 1

    def _next_group(self) -> list[_Waiting[T]]:
        """Without those that were given up."""
        group: list[_Waiting[T]] = []
        while self._waiting and len(group) < LARGEST:
            if not (one := self._waiting.popleft()).done.done():
                group.append(one)
        return group

    async def _try(self, group: list[_Waiting[T]]) -> None:
        try:
            await self._write([one.item for one in group], max(one.until for one in group))
        except Exception as error:
            if len(group) > 1 and not isinstance(error, Unavailable):
                for one in group:
                    self._spawn(self._try_alone(one))
                return
            for one in group:
                if not one.done.done():
                    one.done.set_exception(error)
        else:
            for one in group:
                if not one.done.done():
                    one.done.set_result(None)

    async def _try_alone(self, one: _Waiting[T]) -> None:
        async with self._alone:
            if not one.done.done():
                await self._try([one])
