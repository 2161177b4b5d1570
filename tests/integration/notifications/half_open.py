"""A server that takes connections and never says a word, as one does that hangs, or that a broken firewall stands before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def half_open(port: int) -> AsyncIterator[None]:
    """In the place of the real one, at its port."""
    taken: list[asyncio.StreamWriter] = []

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    server = await asyncio.start_server(take, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for writer in taken:
            writer.transport.abort()
