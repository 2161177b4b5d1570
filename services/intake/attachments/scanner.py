"""Asks a clamd whether a file is harmful, piece by piece: its command INSTREAM (man 8 clamd)."""

import asyncio
from collections.abc import AsyncIterable
from enum import StrEnum

PATIENCE = 60.0
"""Seconds for one file; a scanner that takes longer counts as away."""
_LONGEST_ANSWER = 4096


class Verdict(StrEnum):
    """What a scanner says."""

    clean = "clean"
    harmful = "harmful"


class ScannerAway(Exception):
    """It does not answer, or cannot say."""


class Scanner:
    """`address`: host:port of a clamd. It is told the content of files and nothing else: no name, no referral."""

    def __init__(self, address: str) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)

    async def scan(self, content: AsyncIterable[bytes]) -> Verdict:
        """The verdict on a whole file. ScannerAway; whatever reading the content raises."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                try:
                    await _send(writer, content)
                    answer = await reader.read(_LONGEST_ANSWER)
                finally:
                    writer.close()
        except (OSError, TimeoutError) as error:
            raise ScannerAway(type(error).__name__) from None
        return _understood(answer)


async def _send(writer: asyncio.StreamWriter, content: AsyncIterable[bytes]) -> None:
    writer.write(b"zINSTREAM\0")
    async for piece in content:
        writer.write(len(piece).to_bytes(4, "big") + piece)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


def _understood(answer: bytes) -> Verdict:
    """`stream: OK`, or `stream: NAME FOUND`; anything else is no verdict."""
    if answer.rstrip(b"\0\n") == b"stream: OK":
        return Verdict.clean
    if answer.rstrip(b"\0\n").endswith(b" FOUND"):
        return Verdict.harmful
    raise ScannerAway("no verdict")
