"""The certificates of the listener outside, as a client meets them: by a handshake, before anybody is asked for a password."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from pydantic import Field
from pydantic_settings import BaseSettings


@dataclass(frozen=True, slots=True)
class Shown:
    """What the listener showed. `accepted`: by a client that trusts our authority and connects to the agencies' name for us."""

    serial: int
    expires: datetime
    accepted: bool


@dataclass(frozen=True, slots=True)
class Listener:
    """`address`: host:port to connect to. `authority`: the file that agencies are given. `name`: the host they connect to."""

    address: str
    authority: Path
    name: str = ""

    def shown(self, timeout: float = 5.0) -> Shown:
        """The certificate it shows now. OSError where nothing answers within `timeout` seconds, or speaks no TLS."""
        try:
            return _read(self._handshake(ssl.create_default_context(cafile=str(self.authority)), timeout), accepted=True)
        except ssl.SSLCertVerificationError:
            return _read(self._handshake(_looking_on(), timeout), accepted=False)

    def authority_expires(self) -> datetime:
        """When the authority's certificate ends; of several, the first one to end."""
        return min(one.not_valid_after_utc for one in x509.load_pem_x509_certificates(self.authority.read_bytes()))

    def _handshake(self, context: ssl.SSLContext, timeout: float) -> bytes:
        host, _, port = self.address.rpartition(":")
        with (
            socket.create_connection((host, int(port)), timeout) as raw,
            context.wrap_socket(raw, server_hostname=self.name or host) as secure,
        ):
            return secure.getpeercert(binary_form=True) or b""


class ListenerSettings(BaseSettings):
    """The listener that the environment names, by variables named as the fields are."""

    bus_outside: str = Field(description="host:port of the listener outside")
    bus_ca_file: Path = Field(description="the authority's certificate, as agencies are given it")
    bus_advertised: str = Field("", description="host:port that agencies connect to; none: the same")

    @property
    def listener(self) -> Listener:
        """What is looked at."""
        return Listener(self.bus_outside, self.bus_ca_file, self.bus_advertised.rpartition(":")[0])


def _looking_on() -> ssl.SSLContext:
    """Takes any certificate, as it is only looked at: nothing is said on this connection."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _read(der: bytes, *, accepted: bool) -> Shown:
    certificate = x509.load_der_x509_certificate(der)
    return Shown(certificate.serial_number, certificate.not_valid_after_utc, accepted)
