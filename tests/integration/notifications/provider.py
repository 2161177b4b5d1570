"""A real HTTPS server in the place of a provider, or of an agency's system, that misbehaves on request."""

import asyncio
import ssl
from base64 import b64decode
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import trustme


class Fault(StrEnum):
    """What happens to one request."""

    busy = "503 Service Unavailable"
    too_many = "429 Too Many Requests"
    refused = "400 Bad Request"
    gone = "410 Gone"
    elsewhere = "302 Found\r\nlocation: https://127.0.0.1/secret"
    cut = "takes the request and breaks the connection before it answers"
    dawdle = "takes the request and answers too late"


@dataclass(frozen=True)
class Request:
    """A request that the server got whole, whether or not it could say so."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def signed_in(self) -> str:
        """Name and password, as in `name:password`."""
        return b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()


@dataclass
class Provider:
    """`faults` are met by the next requests, one each. `password`, where there is one, has to be given. `yes`: what the rest is
    answered with. `body`: what a GET is given, unless it names `etag` as what it has."""

    tls: ssl.SSLContext
    password: str = ""
    yes: str = "201 Created"
    body: bytes = b""
    etag: str = '"1"'
    dawdling: float = 1.5
    requests: list[Request] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens; on the same port as before, where it listened before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while answer := await self._answer(await _request(reader)):
                body = self.body if answer == self.yes else b""
                head = f"HTTP/1.1 {answer}\r\netag: {self.etag}\r\ncontent-length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the other side has gone
        finally:
            writer.close()

    async def _answer(self, request: Request) -> str:
        """The status line; empty: the connection is broken off."""
        if self.password and request.signed_in.partition(":")[2] != self.password:
            return "401 Unauthorized"
        fault = self.faults.popleft() if self.faults else None
        if fault not in (None, Fault.cut, Fault.dawdle):
            return str(fault)
        self.requests.append(request)
        if fault is Fault.dawdle:
            await asyncio.sleep(self.dawdling)
        if self.body and request.headers.get("if-none-match") == self.etag:
            return "304 Not Modified"
        return "" if fault is Fault.cut else self.yes


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(head[0].split()[1], headers, body)


@asynccontextmanager
async def provider(folder: Path, *names: str, **how: Any) -> AsyncIterator[Provider]:
    """One that runs, with a certificate of an authority of its own, which `ca.pem` in the folder tells. `names`: of whom else
    the certificate is."""
    authority, tls = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", *names).configure_cert(tls)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    server = Provider(tls, **how)
    await server.start()
    yield server
    await server.stop()
