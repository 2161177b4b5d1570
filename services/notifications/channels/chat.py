"""Chat: a message to a room of Teams, Slack, ntfy and others, by Apprise, and what their answers mean.

Apprise blocks, so that each message is sent in a thread; `public_requests` keeps it to public addresses and to its time.
"""

import asyncio
import contextvars
import logging
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from services.notifications.channels.channel import Letter
from services.notifications.channels.chat_address import plugin_of
from services.notifications.channels.settings import ChatSettings
from services.notifications.directory.chats import Chats
from services.notifications.notices.attempt import Trouble, Undelivered
from services.notifications.notices.waits import Reachability
from services.notifications.outside.public_address import NotPublic
from services.notifications.outside.public_requests import Exchange, watched
from services.notifications.texts.links import Links
from services.notifications.texts.texts import Texts
from services.notifications.texts.words import words
from shared.settings import read_secret
from shared.vocabulary import NotificationChannel

_LINES = 4
_MARGIN = 0.9
"""Of the time for a message, the share after which its thread ends by itself."""


class Chat:
    """Many rooms, each of which may be away by itself. ValueError, OSError where the address of one cannot be used."""

    kind = NotificationChannel.chat
    lines = _LINES
    wholesale: frozenset[Trouble] = frozenset()

    def __init__(self, settings: ChatSettings, chats: Chats, texts: Texts, links: Links) -> None:
        self.per_second = settings.per_second
        self.send_seconds = settings.send_seconds
        self.give_up_hours = settings.give_up_hours
        self._settings = settings
        self._texts = texts
        self._links = links
        self._threads = ThreadPoolExecutor(2 * _LINES, "chat")
        self._away: dict[str, Reachability] = defaultdict(lambda: Reachability("chat", longest=60, unready_after=1))
        logging.getLogger("apprise").disabled = True  # it names rooms and tokens
        for room in chats.rooms:
            check_address(settings, room.id)

    def open(self) -> "Chat":
        """All lines share the threads."""
        return self

    async def send(self, letter: Letter) -> None:
        """Returns when the service has answered with a yes. Undelivered otherwise."""
        away = self._away[letter.target]
        if away.pause:
            raise Undelivered(Trouble.unreachable)
        try:
            status = await self._within_its_time(*self._what(letter))
        except Undelivered:
            away.failed()
            raise
        away.reached()
        if trouble := trouble_of(status):
            raise Undelivered(trouble)

    def _what(self, letter: Letter) -> tuple[str, str, str]:
        """The address, the title, the text: those of the mail."""
        language = self._texts.language(letter.reach.language)
        said = words(letter.message, self._links, language, letter.reach.zone)
        title, text = (self._texts.write(name, language, said).strip() for name in ("subject.txt", "body.txt"))
        return _address(self._settings, letter.target), title, text

    async def _within_its_time(self, address: str, title: str, text: str) -> int:
        ours = self._settings
        until = time.monotonic() + _MARGIN * ours.send_seconds
        exchange = Exchange(ours.allowed, str(ours.ca_file) if ours.ca_file else None, until)
        context = contextvars.copy_context()
        try:
            async with asyncio.timeout(ours.send_seconds):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, context.run, post, address, title, text, exchange)
        except TimeoutError:
            raise Undelivered(Trouble.timeout, unsure=True) from None

    async def close(self) -> None:
        """Nothing is kept open between messages."""


def post(address: str, title: str, text: str, exchange: Exchange) -> int:
    """The status of the service's answer, as the exchange has it. Undelivered where there is none."""
    with watched(exchange), suppress(NotPublic):
        taken = plugin_of(address).notify(body=text, title=title)
    if exchange.trouble:
        raise exchange.trouble
    if exchange.status is None:
        raise Undelivered(Trouble.fault)
    # Some services answer 200 and say in the body that there is no such room.
    return exchange.status if taken or exchange.status >= 300 else 404


def trouble_of(status: int) -> Trouble | None:
    """What a status means; None for a yes. A room that is gone, or no longer ours, will never take a message."""
    if 200 <= status < 300:
        return None
    return Trouble.refused if 400 <= status < 500 and status not in (408, 425, 429) else Trouble.deferred


def check_address(settings: ChatSettings, room: str) -> None:
    """ValueError, OSError where its address cannot be used."""
    try:
        plugin_of(_address(settings, room))
    except ValueError as error:
        raise ValueError(f"{room}: {error}") from None


def _address(settings: ChatSettings, room: str) -> str:
    """Read anew for each message, so that a changed one needs no restart."""
    return read_secret(settings.folder / room).get_secret_value()
