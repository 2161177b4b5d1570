"""A real SMTP server that misbehaves on request, and remembers every message it was given."""

import asyncio
import re
import ssl
from collections import Counter, deque
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from enum import StrEnum

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Fault(StrEnum):
    """What happens to one message."""

    defer = "451 4.3.0 come again"
    reject = "550 5.1.1 not here"
    swallow = "takes the message and breaks the connection before it answers"
    dawdle = "takes the message and answers too late"


@dataclass(frozen=True)
class Mail:
    """A message the server got hold of, whether or not it could say so. `at`: seconds on the event loop's clock."""

    to: str
    message_id: str
    subject: str
    at: float
    text: str = ""
    raw: bytes = b""

    @property
    def reference(self) -> str:
        found = re.search(r"\(([0-9a-f]{8})\)$", self.subject)
        assert found, "every subject ends with a reference"
        return found[1]

    @property
    def references(self) -> list[str]:
        """Of the referrals that it tells of: one, or the list in a mail about several."""
        return re.findall(r"^([0-9a-f]{8})  ", self.text, re.MULTILINE) or [self.reference]

    @property
    def link_to_acknowledge(self) -> str:
        found = re.search(r"https?://\S+/acknowledge/\S+", self.text)
        assert found, "the mail has no such link"
        return found[0]


@dataclass
class MailServer:
    """`faults` are met by the next messages, one each. `refuse_sender`: what MAIL FROM is answered with.
    `gone`: addresses that nobody has any more. `greylisting`: who comes for the first time is asked to come again.

    `tls`: the server's side of TLS, from the first byte with `tls_at_once`, else by STARTTLS, which is then required.
    `password`: has to be given before any mail, by whatever name.
    """

    dawdling: float = 1.5
    mails: list[Mail] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    wished: set[tuple[str, str]] = field(default_factory=set)
    refuse_sender: str = ""
    gone: set[str] = field(default_factory=set)
    greylisting: bool = False
    seen: set[str] = field(default_factory=set)
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    password: str = ""
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _sessions: "list[Protocol]" = field(default_factory=list)

    async def start(self) -> None:
        """Listens; on the same port as before, where it listened before."""
        loop = asyncio.get_running_loop()
        tls = self.tls if self.tls_at_once else None
        self._server = await loop.create_server(lambda: Protocol(self, loop), "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections and breaks those there are."""
        if self._server is not None:
            self._server.close()
            for session in self._sessions:
                session.break_off()
            self._sessions.clear()
            self._server = None

    def expect(self, reference: str, *addresses: str) -> None:
        """Says that mails about a referral to these addresses are wanted. Any other fails the test."""
        self.wished.update((address, reference) for address in addresses)

    @property
    def unexpected(self) -> list[Mail]:
        return [mail for mail in self.mails if not self.wished.issuperset((mail.to, one) for one in mail.references)]

    @property
    def missing(self) -> set[tuple[str, str]]:
        return self.wished - {(mail.to, one) for mail in self.mails for one in mail.references}

    @property
    def repeats(self) -> dict[str, int]:
        """Message-IDs that came more than once."""
        return {key: count for key, count in Counter(mail.message_id for mail in self.mails).items() if count > 1}

    async def all_there(self) -> bool:
        return not self.missing

    def admits(self, *asked: object) -> AuthResult:
        """aiosmtpd's authenticator: server, session, envelope, mechanism, what was given."""
        given = asked[-1]
        right = isinstance(given, LoginPassword) and given.password == self.password.encode()
        return AuthResult(success=right, handled=False)

    def keep(self, envelope: Envelope) -> None:
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=default)
        at = asyncio.get_running_loop().time()
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        self.mails += [Mail(to, message["Message-ID"], message["Subject"], at, text, raw) for to in envelope.rcpt_tos]


class Protocol(SMTP):
    """One connection."""

    def __init__(self, server: MailServer, loop: asyncio.AbstractEventLoop) -> None:
        starttls = None if server.tls_at_once else server.tls
        super().__init__(
            _Handler(server),
            loop=loop,
            hostname="mail.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=bool(server.password),
            auth_require_tls=starttls is not None,
            authenticator=server.admits,
        )
        self._mail_server = server

    def break_off(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._mail_server.connections += 1
        self._mail_server._sessions.append(self)
        super().connection_made(transport)


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if self._server.refuse_sender:
            return self._server.refuse_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        server = self._server
        if address in server.gone:
            return str(Fault.reject)
        if server.greylisting and address not in server.seen:
            server.seen.add(address)
            return "450 4.2.0 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, protocol: Protocol, _: Session, envelope: Envelope) -> str:  # noqa: N802
        server = self._server
        fault = server.faults.popleft() if server.faults else None
        if fault in (Fault.defer, Fault.reject):
            return str(fault)
        server.keep(envelope)
        if fault is Fault.swallow:
            protocol.break_off()
        if fault is Fault.dawdle:
            await asyncio.sleep(server.dawdling)
        return "250 OK"
