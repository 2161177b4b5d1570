"""Reads a calendar from its address: over TLS, never in our own network, not for long, and not much of it."""

import asyncio
import ssl
from typing import NamedTuple

import httpcore

from services.notifications.channels.settings import CalendarSettings
from services.notifications.directory.duty_calendar import CalendarTrouble, Unread
from services.notifications.outside.public_address import NotPublic
from services.notifications.outside.public_network import PublicNetwork

_NOT_MODIFIED = 304
_LONGEST = 1_000_000


class Fetched(NamedTuple):
    """What came: the text, and the mark by which the server knows this version."""

    text: bytes
    etag: str


class CalendarFeed:
    """Asks for calendars; redirects are not followed."""

    def __init__(self, settings: CalendarSettings) -> None:
        trusted = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        network = PublicNetwork(settings.allowed)
        self._pool = httpcore.AsyncConnectionPool(ssl_context=trusted, network_backend=network, keepalive_expiry=5)
        self._seconds = settings.read_seconds

    async def fetch(self, address: str, etag: str = "") -> Fetched | None:
        """What is there now; None where it is still the version that `etag` names. Unread otherwise."""
        headers = [("accept", "text/calendar"), *([("if-none-match", etag)] if etag else [])]
        try:
            async with asyncio.timeout(self._seconds), self._pool.stream("GET", address, headers=headers) as answer:
                return await _read(answer)
        except NotPublic:
            raise Unread(CalendarTrouble.not_public) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, TimeoutError, OSError):
            raise Unread(CalendarTrouble.unreachable) from None

    async def close(self) -> None:
        """Closes all connections."""
        await self._pool.aclose()


async def _read(answer: httpcore.Response) -> Fetched | None:
    if answer.status == _NOT_MODIFIED:
        return None
    if answer.status != 200:
        raise Unread(CalendarTrouble.refused)
    text = b""
    async for part in answer.aiter_stream():
        text += part
        if len(text) > _LONGEST:
            raise Unread(CalendarTrouble.too_long)
    marks = [value.decode(errors="replace") for name, value in answer.headers if name.lower() == b"etag"]
    return Fetched(text, marks[0] if marks else "")
