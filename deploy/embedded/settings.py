"""What can be set about the embedded stack, all by environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.refusal import Refusal

# Each setting's name and default. They lie below the ports that systems give to outgoing connections.
DEFAULT_PORTS = {
    "KAFKA_PORT": 29092,
    "KAFKA_CONTROLLER_PORT": 29093,
    "KAFKA_OUTSIDE_PORT": 29094,
    "MONGO_PORT": 29017,
    "SMTP_PORT": 29025,
    "INTAKE_PORT": 29101,
    "ROUTING_PORT": 29102,
    "NOTIFICATIONS_PORT": 29103,
    "REPORTING_PORT": 29104,
    "ISSUER_PORT": 29105,
}
MAX_PORT = 65_535


@dataclass(frozen=True)
class Settings:
    """LOCAL_DIR: everything the stack writes. CACHE_DIR: downloads, kept by `make reset`. LOG_LEVEL, CONFIG_DIR: passed
    to the services. PORTS=free: choose a free port for each that is not set by its own name; 0 does so for one.
    MIN_FREE_MB: the disk space below which the stack refuses to start. KAFKA_HEAP: as Java writes it.
    """

    local: Path
    cache: Path
    config: Path
    ports: Mapping[str, int]
    log_level: str = "info"
    min_free_mb: int = 1_000
    kafka_heap: str = "512m"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.local / "logs"

    @property
    def run(self) -> Path:
        """What is running now: the lock, the state file and the ports last chosen."""
        return self.local / "run"

    @property
    def secrets(self) -> Path:
        """Passwords and certificates, for their owner alone."""
        return self.local / "secrets"

    @property
    def receipt_secret(self) -> Path:
        """The file with intake's secret for receipt codes."""
        return self.secrets / "receipt"

    @property
    def vault_keyring(self) -> Path:
        """The file with the vault's master key."""
        return self.secrets / "vault_keyring"

    @property
    def issuer_key(self) -> Path:
        """The file with the development issuer's private key."""
        return self.local / "secrets" / "issuer"


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises Refusal where one is not what it should be."""
    local = Path(environment.get("LOCAL_DIR") or ".local").absolute()
    return Settings(
        local=local,
        cache=Path(environment.get("CACHE_DIR") or local / "cache").absolute(),
        config=Path(environment.get("CONFIG_DIR") or "config").absolute(),
        ports=_ports(environment),
        log_level=(environment.get("LOG_LEVEL") or "info").lower(),
        min_free_mb=_number(environment, "MIN_FREE_MB", 1_000, 1_000_000_000),
        kafka_heap=environment.get("KAFKA_HEAP") or "512m",
    )


def _ports(environment: Mapping[str, str]) -> dict[str, int]:
    choice = environment.get("PORTS") or "fixed"
    if choice not in ("fixed", "free"):
        raise Refusal(f"PORTS must be fixed or free, not {choice!r}.")
    defaults = DEFAULT_PORTS if choice == "fixed" else dict.fromkeys(DEFAULT_PORTS, 0)
    ports = {name: _number(environment, name, default, MAX_PORT) for name, default in defaults.items()}
    given = [port for port in ports.values() if port]
    if twice := sorted({port for port in given if given.count(port) > 1}):
        names = ", ".join(name for name, port in ports.items() if port in twice)
        raise Refusal(f"{names} are set to the same port. Give each a port of its own.")
    return ports


def _number(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) > most:
        raise Refusal(f"{name} must be a number from 0 to {most}, not {text!r}.")
    return int(text)
