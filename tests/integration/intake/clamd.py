"""A virus scanner for tests: the real clamd where it is installed, with a signature of EICAR's test file alone; else a server
that speaks as much of its protocol as we use."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from deploy.embedded.ports import HOST, free_port
from tests.waiting import eventually

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file that scanners have to find; it does nothing (eicar.org)."""


@asynccontextmanager
async def clamd(folder: Path) -> AsyncIterator[str]:
    """A scanner's address, host:port, until the block ends."""
    port = free_port()
    running = real(folder, port) if shutil.which("clamd") else stand_in(port)
    async with running:
        await eventually(lambda: answers(port), within=60, every=0.1)
        yield f"{HOST}:{port}"


async def answers(port: int) -> bool:
    """Whether somebody listens."""
    with suppress(OSError):
        _, writer = await asyncio.open_connection(HOST, port)
        writer.close()
        return True
    return False


@asynccontextmanager
async def real(folder: Path, port: int) -> AsyncIterator[None]:
    """clamd itself."""
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "local.ndb").write_text(f"Local.Eicar:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(f"Foreground yes\nTCPSocket {port}\nTCPAddr {HOST}\nDatabaseDirectory {signatures}\n")
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec("clamd", "-c", str(settings), stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def stand_in(port: int) -> AsyncIterator[None]:
    """Finds EICAR's test file in what is sent by INSTREAM."""
    async with await asyncio.start_server(_answer, HOST, port):
        yield


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError):
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        seen = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            seen += await reader.readexactly(size)
        writer.write(b"stream: Local.Eicar.UNOFFICIAL FOUND\0" if EICAR in seen else b"stream: OK\0")
    writer.close()
