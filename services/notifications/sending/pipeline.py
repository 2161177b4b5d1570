"""From a stored message to a sent one: claim → send → record, each stage a file of its own. What may go at once comes claimed
already, see `dispatch`.

Crash points: `notifications_after_claim`, `notifications_after_send`, `notifications_after_record`; before them those of
`usecases` and `grouping`.
"""

import asyncio

import structlog
from aiolimiter import AsyncLimiter

from services.notifications.channels.channel import Channel, Line
from services.notifications.notices.verdict import give_back
from services.notifications.sending.claimer import Claimer
from services.notifications.sending.recorder import Recorder
from services.notifications.sending.sender import Sender
from shared.clock import Clock

log = structlog.get_logger(__name__)
_DRAIN_SECONDS = 8.0


class Pipeline:
    """One channel's: as many senders as it has lines, fed by one claimer, written down by one recorder."""

    def __init__(self, channel: Channel, claimer: Claimer, sender: Sender, recorder: Recorder, *, clock: Clock) -> None:
        self._channel = channel
        self._claimer = claimer
        self._sender = sender
        self._recorder = recorder
        self._clock = clock

    async def run(self) -> None:
        """Works until it is cancelled or a stage breaks; then finishes the messages in hand and gives back the rest."""
        claiming = asyncio.create_task(self._claimer.run())
        recording = asyncio.create_task(self._recorder.run())
        lines = [self._channel.open() for _ in range(self._channel.lines)]
        pace = AsyncLimiter(max(1.0, self._channel.per_second), max(1.0, 1 / self._channel.per_second))
        senders = [asyncio.create_task(self._send(line, pace)) for line in lines]
        stages = [claiming, recording, *senders]
        try:
            done, _ = await asyncio.wait(stages, return_when=asyncio.FIRST_EXCEPTION)
            for stage in done:
                stage.result()
        finally:
            await _end([claiming])
            await self._drain()
            await _end(stages)
            await asyncio.gather(*(line.close() for line in lines))

    async def _send(self, line: Line, pace: AsyncLimiter) -> None:
        while True:
            claimed = await self._claimer.next()
            try:
                await pace.acquire()
                await self._recorder.ended.put(await self._sender.attempt(claimed, line))
            finally:
                self._claimer.claimed.task_done()

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                for claimed in self._claimer.rest():
                    await self._recorder.ended.put(give_back(claimed, self._clock()))
                await self._claimer.claimed.join()
                await self._recorder.ended.join()
        except TimeoutError:
            # What stays claimed is tried again when its lease is over.
            log.warning("drain_incomplete", seconds=_DRAIN_SECONDS)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
