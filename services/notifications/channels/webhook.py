"""Webhooks: a signed request to an agency's own system, and what its answers mean."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import httpcore

from services.notifications.channels.channel import Letter
from services.notifications.channels.endpoint_store import EndpointStore
from services.notifications.channels.settings import WebhookSettings
from services.notifications.channels.webhook_message import headers, payload
from services.notifications.directory.webhooks import Webhooks, read_secrets
from services.notifications.notices.attempt import Trouble, Undelivered
from services.notifications.notices.waits import Reachability
from services.notifications.outside.public_address import NotPublic
from services.notifications.outside.public_network import PublicNetwork
from services.notifications.texts.links import Links
from shared.vocabulary import NotificationChannel

_GONE = 410
_LINES = 16


class Webhook:
    """Many systems, each of which may be away by itself. One that is, is not called again before its pause is over."""

    kind = NotificationChannel.webhook
    lines = _LINES
    wholesale: frozenset[Trouble] = frozenset()

    def __init__(self, settings: WebhookSettings, webhooks: Webhooks, store: EndpointStore, links: Links) -> None:
        self.per_second = settings.per_second
        self.send_seconds = settings.send_seconds
        self.give_up_hours = settings.give_up_hours
        self._caller = Caller(settings, webhooks)
        self._store = store
        self._links = links
        self._away: dict[str, Reachability] = defaultdict(lambda: Reachability("webhook", longest=60, unready_after=1))

    def open(self) -> "Webhook":
        """All lines share their connections."""
        return self

    async def send(self, letter: Letter) -> None:
        """Returns when the other system has answered with a yes. Undelivered otherwise."""
        away = self._away[letter.target]
        if away.pause:
            raise Undelivered(Trouble.unreachable)
        if await self._store.is_off(letter.target):
            raise Undelivered(Trouble.refused)
        try:
            status = await self._caller.call(letter.target, letter.message.id, letter.now, payload(letter, self._links))
        except Undelivered:
            away.failed()
            raise
        away.reached()
        await self._answered(letter.target, status)

    async def _answered(self, endpoint: str, status: int) -> None:
        if status == _GONE:
            await self._store.switch_off(endpoint)
            raise Undelivered(Trouble.refused)
        if not 200 <= status < 300:
            raise Undelivered(Trouble.deferred)

    async def close(self) -> None:
        """Closes all connections; a later letter would open them anew."""
        await self._caller.close()


class Caller:
    """Posts signed messages over TLS to public addresses, and follows no redirect."""

    def __init__(self, settings: WebhookSettings, webhooks: Webhooks) -> None:
        trusted = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        network = PublicNetwork(settings.allowed)
        self._pool = httpcore.AsyncConnectionPool(ssl_context=trusted, network_backend=network, keepalive_expiry=30)
        self._settings = settings
        self._webhooks = webhooks.by_id

    async def call(self, endpoint: str, message: UUID, now: datetime, body: str) -> int:
        """The status of the answer; Undelivered where there is none. ValueError, OSError where its secret cannot be used."""
        secrets = read_secrets(self._settings.folder, endpoint)
        signed = headers(secrets, message, now, body)
        return await self._post(self._webhooks[endpoint].url, signed, body)

    async def _post(self, url: str, signed: Mapping[str, str], body: str) -> int:
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                answer = await self._pool.request("POST", url, headers=list(_pairs(signed)), content=body.encode())
        except NotPublic:
            raise Undelivered(Trouble.refused) from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            bad_certificate = isinstance(error.__cause__ or error.__context__, ssl.SSLError)
            raise Undelivered(Trouble.not_admitted if bad_certificate else Trouble.unreachable) from None
        except TimeoutError:
            raise Undelivered(Trouble.timeout, unsure=True) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            raise Undelivered(Trouble.unreachable, unsure=True) from None
        return answer.status

    async def close(self) -> None:
        """Closes all connections."""
        await self._pool.aclose()


def _pairs(named: Mapping[str, str]) -> Iterable[tuple[bytes, bytes]]:
    return ((name.encode(), value.encode()) for name, value in named.items())
