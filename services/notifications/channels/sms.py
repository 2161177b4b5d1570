"""Text messages: one request to the provider for each, and what its answers mean."""

import asyncio
import ssl

import httpx

from services.notifications.channels.channel import Letter
from services.notifications.channels.opt_out_store import OptOutStore
from services.notifications.channels.settings import SmsSettings
from services.notifications.channels.text_message import TextWriter
from services.notifications.notices.attempt import OUTAGE, Trouble, Undelivered
from shared.vocabulary import NotificationChannel

_NOT_ADMITTED = frozenset({401, 403, 404})
"""Our account, our token, or the address of the API: never a fault of one message."""
_LINES = 4


class Sms:
    """One provider for all, by the API that Twilio made: a form with To, From and Body, signed in by account and token."""

    kind = NotificationChannel.sms
    lines = _LINES
    wholesale = OUTAGE

    def __init__(self, settings: SmsSettings, writer: TextWriter, opt_outs: OptOutStore) -> None:
        self._opt_outs = opt_outs
        self.per_second = settings.per_second
        self.send_seconds = settings.send_seconds
        self.give_up_hours = settings.give_up_hours
        self._settings = settings
        self._writer = writer

    def open(self) -> "Line":
        """A connection, opened when it is first needed."""
        return Line(self._settings, self._writer, self._opt_outs)


class Line:
    """Sends one message at a time."""

    def __init__(self, settings: SmsSettings, writer: TextWriter, opt_outs: OptOutStore) -> None:
        self._opt_outs = opt_outs
        trusted = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        signed_in = (settings.account, settings.token.get_secret_value())
        self._http = httpx.AsyncClient(auth=signed_in, verify=trusted, timeout=settings.send_seconds, trust_env=False)
        self._messages = f"{settings.url}/2010-04-01/Accounts/{settings.account}/Messages.json"
        self._settings = settings
        self._writer = writer

    async def send(self, letter: Letter) -> None:
        """Returns when the provider has taken the message. Undelivered otherwise."""
        if await self._opt_outs.wants_none(letter.target):
            raise Undelivered(Trouble.refused)
        form = {"To": letter.target, "From": self._settings.sender, "Body": self._writer.write(letter)}
        if self._settings.callback_url:
            form["StatusCallback"] = f"{self._settings.callback_url.rstrip('/')}/receipts/{letter.message.id}"
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                answer = await self._http.post(self._messages, data=form)
        except (httpx.HTTPError, OSError) as error:
            raise undelivered(error) from None
        if trouble := trouble_of(answer.status_code):
            raise Undelivered(trouble)

    async def close(self) -> None:
        """Closes the connection."""
        await self._http.aclose()


def trouble_of(status: int) -> Trouble | None:
    """What a status of the provider means; None for a yes. Only the rest of the 4xx speaks of the message."""
    if 200 <= status < 300:
        return None
    if status in _NOT_ADMITTED:
        return Trouble.not_admitted
    return Trouble.refused if 400 <= status < 500 and status not in (408, 429) else Trouble.deferred


def undelivered(error: Exception) -> Undelivered:
    """What an error of the HTTP client means. Once a connection was there, the request may have been acted upon."""
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Undelivered(Trouble.timeout)
        case httpx.ConnectError(__cause__=ssl.SSLError()):
            return Undelivered(Trouble.not_admitted)
        case httpx.ConnectError():
            return Undelivered(Trouble.unreachable)
        case TimeoutError() | httpx.TimeoutException():
            return Undelivered(Trouble.timeout, unsure=True)
        case _:
            return Undelivered(Trouble.unreachable, unsure=True)
