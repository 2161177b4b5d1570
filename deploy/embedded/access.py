"""How each user reaches the embedded stack's broker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.bus.passwords import Passwords
from shared.settings import KafkaSettings

ADMIN = "admin"
"""May do everything: it provisions, and tests look with it. No service is told its password."""


@dataclass(frozen=True)
class Access:
    """`address`: the listener inside. `outside`: the one with TLS, for agencies. `secrets`: folder with certificates and,
    under `bus`, passwords. `prefix`: of the topics and users of this system.
    `controller`: the listener of the controller, which no client needs.
    """

    address: str
    outside: str
    secrets: Path
    prefix: str = ""
    controller: str = ""

    @property
    def passwords(self) -> Passwords:
        """The users' passwords."""
        return Passwords(self.secrets / "bus")

    def environment(self, user: str) -> dict[str, str]:
        """The environment variables of a process that connects inside as `user`."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.address,
            "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "KAFKA_SASL_USERNAME": self._username(user),
            "KAFKA_SASL_PASSWORD_FILE": str(self.passwords.path(user)),
        }

    def settings(self, user: str = ADMIN, **more: Any) -> KafkaSettings:
        """The same for a client in this process."""
        inside: dict[str, Any] = {
            "bootstrap_servers": self.address,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_username": self._username(user),
            "sasl_password_file": self.passwords.path(user),
        }
        return KafkaSettings(**inside | more)

    def outside_settings(self, user: str, **more: Any) -> KafkaSettings:
        """For an agency's own system: with TLS."""
        outside = {"bootstrap_servers": self.outside, "security_protocol": "SASL_SSL", "ca_file": self.secrets / "ca.pem"}
        return self.settings(user, **outside | more)

    def _username(self, user: str) -> str:
        return user if user == ADMIN else self.prefix + user
