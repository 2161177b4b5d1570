"""Posts referrals over connections that stay open, at next to no cost: what measures must not take the time it measures."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httptools

from deploy.embedded.ports import HOST


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.open = True
        self._begin()

    def _begin(self) -> None:
        self._parser: Any = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), b"".join(self._body)))

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError())

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self._begin()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self._transport.close()


class Door:
    """Intake on a loopback port. As many connections are opened as are needed at once."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[_Connection] = []

    async def post(self, referral: dict[str, Any]) -> tuple[int, str | None]:
        """The status, and the referral's id where it was accepted. ConnectionError; TimeoutError after 30 s."""
        status, answer = await self.send("/api/v1/referrals", "application/json", json.dumps(referral).encode())
        return status, json.loads(answer)["referral_id"] if status == 202 else None

    async def send(self, path: str, media_type: str, body: bytes) -> tuple[int, bytes]:
        """The status and the body of the answer to a POST. ConnectionError; TimeoutError after 30 s."""
        head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {media_type}\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        connection = await self._connection()
        try:
            async with asyncio.timeout(30):
                answer = await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    async def _connection(self) -> _Connection:
        while self._idle:
            if (connection := self._idle.pop()).open:  # the server closes what is idle for some seconds
                return connection
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, HOST, self._port)
        return connection

    def close(self) -> None:
        """Closes what is idle."""
        for connection in self._idle:
            connection.close()
