"""E-mail: connections to the mail server, kept open and renewed, and what its answers mean."""

import asyncio
import ssl
import time

from aiosmtplib import SMTP, SMTPConnectError, SMTPDataError, SMTPException, SMTPRecipientRefused, SMTPResponseException

from services.notifications.channels.channel import Letter
from services.notifications.channels.message import Writer
from services.notifications.channels.settings import SmtpSettings
from services.notifications.notices.attempt import OUTAGE, Trouble, Undelivered
from shared.vocabulary import NotificationChannel


class Email:
    """One mail server for all."""

    kind = NotificationChannel.email
    wholesale = OUTAGE

    def __init__(self, settings: SmtpSettings, writer: Writer) -> None:
        self.lines = settings.connections
        self.per_second = settings.per_second
        self.send_seconds = settings.send_seconds
        self.give_up_hours = settings.give_up_hours
        self._settings = settings
        self._writer = writer

    def open(self) -> "Connection":
        """A connection, opened when it is first needed."""
        return Connection(self._settings, self._writer)


class Connection:
    """Sends one message at a time. Any failure closes it; the next message opens it anew."""

    def __init__(self, settings: SmtpSettings, writer: Writer) -> None:
        self._settings = settings
        self._writer = writer
        self._smtp: SMTP | None = None
        self._messages = 0
        self._used = 0.0

    async def send(self, letter: Letter) -> None:
        """Returns when the server has taken responsibility for the message. Undelivered otherwise."""
        await self._hand_over(letter.target, self._writer.write(letter.message, letter.reach, letter.now))

    async def _hand_over(self, recipient: str, message: bytes) -> None:
        body_sent = False
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                smtp = await self._open()
                await smtp.mail(self._settings.sender)
                await smtp.rcpt(recipient)
                body_sent = True
                await smtp.data(message)
        except (SMTPException, OSError) as error:
            self._drop()
            raise Undelivered(trouble_of(error), unsure=body_sent and not isinstance(error, SMTPDataError)) from None
        except asyncio.CancelledError:
            self._drop()
            raise
        self._messages += 1
        self._used = time.monotonic()

    async def _open(self) -> SMTP:
        if self._smtp is not None and self._worn():
            await self.close()
        if self._smtp is None or not self._smtp.is_connected:
            self._smtp = _client(self._settings)
            self._messages = 0
            await self._smtp.connect()
        return self._smtp

    def _worn(self) -> bool:
        idle = time.monotonic() - self._used
        return idle > self._settings.idle_seconds or self._messages >= self._settings.messages_per_connection

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    async def close(self) -> None:
        """Says goodbye, where there is anyone to say it to."""
        try:
            if self._smtp is not None and self._smtp.is_connected:
                await self._smtp.quit(timeout=1)
        except (SMTPException, OSError):
            pass  # it is closed either way
        finally:
            self._drop()


def trouble_of(error: Exception) -> Trouble:
    """What an error of the SMTP client means.

    Only an answer to RCPT or DATA speaks of the message. A 5xx to anything before (greeting, TLS, sign-in, sender) is a
    fault of the set-up: no notice may be given up for it.
    """
    match error:
        case SMTPRecipientRefused() | SMTPDataError():
            return Trouble.refused if error.code >= 500 else Trouble.deferred
        case SMTPResponseException():
            return Trouble.deferred if 400 <= error.code < 500 else Trouble.not_admitted
        case ssl.SSLError() | SMTPConnectError(__cause__=ssl.SSLError()):
            return Trouble.not_admitted
        case TimeoutError():
            return Trouble.timeout
        case OSError():
            return Trouble.unreachable
        case _:
            return Trouble.not_admitted


def _client(settings: SmtpSettings) -> SMTP:
    encryption = settings.encryption
    password = settings.password
    return SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username,
        password=password.get_secret_value() if password and settings.username else None,
        local_hostname=settings.domain,
        timeout=settings.answer_seconds,
        use_tls=encryption == "tls",
        start_tls=encryption == "starttls",
        cert_bundle=str(settings.ca_file) if settings.ca_file else None,
    )
