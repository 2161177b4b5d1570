"""From a stored notice to a sent message: claim → send → record, each stage a file of its own.

Crash points: `notifications_after_insert`, `notifications_after_cursor` (usecases); `notifications_after_claim`,
`notifications_after_send`, `notifications_after_record`.
"""

import asyncio

import structlog

from services.notifications.channels.email import Connection
from services.notifications.claimer import Claimer
from services.notifications.recorder import Recorder
from services.notifications.sender import Sender, give_back
from services.notifications.settings import SmtpSettings
from shared.clock import Clock

log = structlog.get_logger(__name__)
_DRAIN_SECONDS = 8.0


class Pipeline:
    """As many senders as connections are allowed, fed by one claimer, written down by one recorder."""

    def __init__(self, claimer: Claimer, sender: Sender, recorder: Recorder, *, smtp: SmtpSettings, clock: Clock) -> None:
        self._claimer = claimer
        self._sender = sender
        self._recorder = recorder
        self._smtp = smtp
        self._clock = clock

    async def run(self) -> None:
        """Works until it is cancelled or a stage breaks; then finishes the messages in hand and gives back the rest."""
        claiming = asyncio.create_task(self._claimer.run())
        recording = asyncio.create_task(self._recorder.run())
        connections = [Connection(self._smtp) for _ in range(self._smtp.connections)]
        senders = [asyncio.create_task(self._send(connection)) for connection in connections]
        stages = [claiming, recording, *senders]
        try:
            done, _ = await asyncio.wait(stages, return_when=asyncio.FIRST_EXCEPTION)
            for stage in done:
                stage.result()
        finally:
            await _end([claiming])
            await self._drain()
            await _end(stages)
            await asyncio.gather(*(connection.close() for connection in connections))

    async def _send(self, connection: Connection) -> None:
        while True:
            claimed = await self._claimer.next()
            try:
                await self._recorder.ended.put(await self._sender.attempt(claimed, connection.send))
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
