"""What a library that speaks by `requests` may reach: public addresses, over TLS that holds, for a limited time, no redirects.

Such a library makes its sessions itself, so they are watched from below: within `watched`, every session gets an adapter that
keeps to the rules, whatever an address asks for, and writes down how the last request ended. See `public_network`.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from services.notifications.notices.attempt import Trouble, Undelivered
from services.notifications.outside.public_address import Network, NotPublic, the_one_to_call

_LONGEST_ANSWER = 65_536


@dataclass(slots=True)
class Exchange:
    """What is allowed, and what came of it.

    `allowed`: networks that may be called though they are not the internet. `trusted`: a file with certificate authorities,
    None for the usual ones. `until`: of time.monotonic(). `status`: of the last answer, where there was one; else `trouble`.
    """

    allowed: tuple[Network, ...]
    trusted: str | None
    until: float
    status: int | None = None
    trouble: Undelivered | None = None


_watched: ContextVar[Exchange | None] = ContextVar("watched", default=None)


@contextmanager
def watched(exchange: Exchange) -> Iterator[None]:
    """Whatever this thread asks for within it keeps to the rules of the exchange."""
    token = _watched.set(exchange)
    try:
        yield
    finally:
        _watched.reset(token)


class Guarded(HTTPAdapter):
    """One session's way to the network."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Every connection is made by one of ours."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _pool(self._exchange.allowed)}

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """What was asked for of time limits, trust and proxies is passed over."""
        self._exchange.status, self._exchange.trouble = None, None
        try:
            return self._send(request)
        except (requests.RequestException, HTTPError, OSError, NotPublic) as error:
            self._exchange.trouble = _undelivered(error)
            raise

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        if not (request.url or "").startswith("https://"):
            raise NotPublic
        left = max(0.1, self._exchange.until - time.monotonic())
        answer = super().send(request, stream=True, timeout=left, verify=self._exchange.trusted or True)
        answer.headers.pop("location", None)
        answer._content = self._read(answer.raw)
        self._exchange.status = answer.status_code
        return answer

    def _read(self, raw: BaseHTTPResponse) -> bytes:
        """What is too long is cut off; whoever sends it drop by drop runs out of time."""
        body = b""
        while len(body) < _LONGEST_ANSWER and (part := raw.read1(4096, decode_content=True)):
            body += part
            if time.monotonic() > self._exchange.until:
                raise requests.ReadTimeout
        raw.close()
        return body


def _pool(allowed: tuple[Network, ...]) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            name = self._dns_host
            try:
                found = socket.getaddrinfo(name, self.port, type=socket.SOCK_STREAM)
            except OSError as error:
                raise NewConnectionError(self, type(error).__name__) from None
            self._dns_host = the_one_to_call([str(address[0]) for *_, address in found], allowed)
            try:
                return super()._new_conn()
            finally:
                # The certificate is checked against the name, and the request asks for it.
                self._dns_host = name

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


def _undelivered(error: Exception) -> Undelivered:
    """What an error of the client means. Once a connection was there, the request may have been acted upon."""
    match error:
        case NotPublic():
            return Undelivered(Trouble.refused)
        case requests.exceptions.SSLError():
            return Undelivered(Trouble.not_admitted)
        case requests.ConnectTimeout():
            return Undelivered(Trouble.timeout)
        case requests.Timeout():
            return Undelivered(Trouble.timeout, unsure=True)
        case requests.ConnectionError(args=[MaxRetryError(reason=NewConnectionError())]):
            return Undelivered(Trouble.unreachable)
        case _:
            return Undelivered(Trouble.unreachable, unsure=True)


def _adapter() -> HTTPAdapter:
    exchange = _watched.get()
    return Guarded(exchange) if exchange else HTTPAdapter()


requests.sessions.HTTPAdapter = _adapter  # type: ignore[attr-defined,assignment]
