"""One instance of one of the four services, run as production runs it."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import sys
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.access import Access
from deploy.embedded.child import Child
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.server import Server

SERVICES = ("intake", "routing", "notifications", "reporting")
DRAIN_SECONDS = 20.0


@dataclass(frozen=True)
class Surroundings:
    """Where a service finds the others. `smtp`: host:port. `extra`: more environment variables for every service."""

    kafka: Access
    mongo_url: str
    smtp: str
    config: Path
    receipt_secret: Path
    vault_keyring: Path
    log_level: str = "info"
    extra: Mapping[str, str] = field(default_factory=dict)

    def environment(self, name: str, *, instance: str, port: int) -> dict[str, str]:
        """The environment variables of one instance of the service `name`, which is also its user on the bus."""
        smtp_host, _, smtp_port = self.smtp.rpartition(":")
        return {
            **os.environ,
            **self.kafka.environment(name),
            "MONGO_URL": self.mongo_url,
            "SMTP_HOST": smtp_host,
            "SMTP_PORT": smtp_port,
            "CONFIG_DIR": str(self.config),
            "RECEIPT_SECRET_FILE": str(self.receipt_secret),
            "VAULT_KEYRING_FILE": str(self.vault_keyring),
            "LOG_LEVEL": self.log_level,
            "INSTANCE": instance,
            "HTTP_HOST": HOST,
            "HTTP_PORT": str(port),
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }


class Service(Server):
    """`python -m services.NAME.serve` on a loopback port. `port`: 0 chooses a free one. `number`: of the instance."""

    kind = "http"

    def __init__(self, name: str, surroundings: Surroundings, log: Path, *, port: int = 0, number: int = 1) -> None:
        port = port or free_port()
        instance = f"{name}-{number}"
        command = [sys.executable, "-m", f"services.{name}.serve"]
        environment = surroundings.environment(name, instance=instance, port=port)
        super().__init__(Child(name if number == 1 else instance, command, log, environment), port)

    @property
    def url(self) -> str:
        """The base address of its HTTP interface."""
        return f"http://{self.address}"

    def answers(self) -> bool:
        """Whether it says that it is ready."""
        return readiness(self.port)[0]

    def stop(self) -> None:
        """Ask it to drain and end; more patient than the service allows itself."""
        self.child.stop(grace=DRAIN_SECONDS + 5)


def readiness(port: int) -> tuple[bool, str]:
    """Whether the service on a loopback port is ready, and what it says about that."""
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/health/ready")
        response = connection.getresponse()
        return response.status == http.client.OK, response.read(500).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return False, f"does not answer ({type(error).__name__})"
    finally:
        connection.close()


def ensure_secret(path: Path) -> Path:
    """Make a file with a random secret, readable by its owner alone, where it is not there yet."""
    return _ensure(path, secrets.token_urlsafe(32))


def ensure_keyring(path: Path) -> Path:
    """The same with a master key for the vault (services/intake/vault/keyring.py)."""
    key = b64encode(secrets.token_bytes(96)).decode()
    return _ensure(path, json.dumps({"current": "local:first", "providers": {"local:first": {"key": key}}}))


def _ensure(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with open(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(content)
        partial.replace(path)
    return path
