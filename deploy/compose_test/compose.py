"""The compose project under test, as its environment variables name it (COMPOSE_PROJECT_NAME and the like)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import Any

SERVICES = ("intake", "routing", "notifications", "reporting")


class Failed(Exception):
    """Something is not as it has to be. `service`: whose log tells more, where one does."""

    def __init__(self, text: str, service: str | None = None) -> None:
        super().__init__(text)
        self.service = service


class Refused(Failed):
    """The same, and trying again cannot help."""


def compose(*arguments: str, stdin: str | None = None, seconds: float = 120) -> str:
    """The output of `docker compose` with some arguments; Failed with its last words where it fails."""
    return docker(["compose", *arguments], stdin, seconds)


def logs(service: str, lines: int = 40) -> str:
    """The last lines that a service logged."""
    return compose("logs", "--no-color", "--tail", str(lines), service)


def address(service: str, port: int) -> str:
    """Where a published port can be reached, as host:port. A restart may change it."""
    return compose("port", service, str(port)).strip()


def containers(*services: str) -> list[dict[str, Any]]:
    """What Docker knows of every container of these services (of all, where none is named), stopped ones too."""
    ids = compose("ps", "--all", "--quiet", *services).split()
    found: list[dict[str, Any]] = json.loads(docker(["inspect", *ids], None, 30)) if ids else []
    return found


def service_of(container: dict[str, Any]) -> str:
    """The service that a container belongs to."""
    return str(container["Config"]["Labels"]["com.docker.compose.service"])


def inside(container: dict[str, Any], *command: str) -> str:
    """What a command run in a container prints."""
    return docker(["exec", container["Id"], *command], None, 30)


def docker(arguments: Sequence[str], stdin: str | None, seconds: float) -> str:
    """The output of `docker` with some arguments; Failed with its last words where it fails."""
    try:
        done = subprocess.run(
            ["docker", *arguments], input=stdin or "", capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"`docker {' '.join(arguments)}` took more than {seconds:.0f} s") from None
    if done.returncode:
        raise Failed(f"`docker {' '.join(arguments)}` failed:\n{(done.stderr + done.stdout)[-3000:]}")
    return done.stdout
