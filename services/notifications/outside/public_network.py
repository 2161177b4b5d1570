"""Connections to addresses that others gave us, and never into our own network.

A name is resolved once, every address it has is looked at, and the connection goes to the address that was looked at: a name
that changes between the look and the connection (DNS rebinding) leads nowhere else.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore

from services.notifications.outside.public_address import Network, the_one_to_call

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """By the system's resolver. OSError where there is no such name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to those in `allowed`: for an agency inside our own network, and for tests."""

    def __init__(self, allowed: Iterable[Network] = (), resolve: Resolve = resolve) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """NotPublic where any address of the host is not to be reached; httpcore.ConnectError where nobody is there."""
        try:
            found = await self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(type(error).__name__) from None
        address = the_one_to_call(found, self._allowed)
        return await self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Between attempts to connect."""
        await asyncio.sleep(seconds)
