"""Connections to addresses that others gave us, and never into our own network.

A name is resolved once, every address it has is looked at, and the connection goes to the address that was looked at: a name
that changes between the look and the connection (DNS rebinding) leads nowhere else.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name."""
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")


class NotPublic(Exception):
    """The name leads into a network that is not the internet."""


def is_public(address: Address) -> bool:
    """Whether an address is somebody else's on the internet, whatever it is wrapped in."""
    inside = _wrapped(address)
    return address.is_global and not address.is_multicast and (inside is None or is_public(inside))


def _wrapped(address: Address) -> IPv4Address | None:
    """The IPv4 address within an IPv6 one."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


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
        address = await self._checked(host, port)
        return await self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)

    async def _checked(self, host: str, port: int) -> str:
        try:
            found = await self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(type(error).__name__) from None
        if not found or not all(self._may_reach(ip_address(one)) for one in found):
            raise NotPublic
        return found[0]

    def _may_reach(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self._allowed)

    async def sleep(self, seconds: float) -> None:
        """Between attempts to connect."""
        await asyncio.sleep(seconds)
