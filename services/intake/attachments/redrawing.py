"""Has pictures drawn anew, one at a time, by a process that may do nothing else (redraw.py)."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from services.intake.attachments.kinds import Kind
from services.intake.attachments.limits import Pictures
from services.intake.attachments.refusal import Refused, Why
from shared.delivery.errors import Unavailable

PROGRAM = Path(__file__).with_name("redraw.py")
PATIENCE = 6
"""On a busy machine a picture may take so many times its processor seconds."""


class Redrawing:
    """One at a time: so the memory of one is all that is needed, whatever comes."""

    def __init__(self, limits: Pictures) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(1)

    @asynccontextmanager
    async def redrawn(self, kind: Kind, picture: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """A JPEG of the picture; the next one is drawn when the block ends. Refused; Unavailable where no process starts."""
        async with self._free:
            yield await self._redraw(kind, picture)

    async def _redraw(self, kind: Kind, picture: AsyncIterable[bytes]) -> bytes:
        process = await self._started(kind)
        try:
            async with asyncio.timeout(PATIENCE * self._limits.seconds):
                jpeg = await _through(process, picture)
                status = await process.wait()
        except TimeoutError:
            raise Refused(Why.too_many_pixels) from None
        finally:
            await _ended(process)
        if status != 0 or not jpeg:
            raise Refused(Why.too_many_pixels if status == os.EX_CANTCREAT else Why.damaged)
        return jpeg

    async def _started(self, kind: Kind) -> Process:
        limits = self._limits
        bounds = (limits.most_pixels, limits.longest_edge, limits.memory_mb * 2**20, limits.seconds)
        command = (sys.executable, "-I", str(PROGRAM), kind.value, *map(str, bounds))
        try:
            return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={})
        except OSError as error:
            raise Unavailable(f"redraw: {type(error).__name__}") from None


async def _through(process: Process, picture: AsyncIterable[bytes]) -> bytes:
    """What the process makes of the picture. It reads all before it writes."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):  # it may end before it has read all
        async for piece in picture:
            process.stdin.write(piece)
            await process.stdin.drain()
    process.stdin.close()
    return await process.stdout.read()


async def _ended(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
