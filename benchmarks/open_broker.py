"""The embedded broker with one listener more, which asks nobody who they are: what the closed ones are held against."""

from __future__ import annotations

from pathlib import Path

from deploy.embedded import Broker
from deploy.embedded.ports import HOST, free_port
from shared.settings import KafkaSettings


class OpenBroker(Broker):
    """Only for measuring, on loopback, with synthetic events."""

    def __init__(self, folder: Path, class_path: str) -> None:
        super().__init__(folder, class_path)
        self._open_port = free_port()

    def properties(self) -> str:
        """With the open listener, where everybody may do everything."""
        lines = super().properties().splitlines()
        added = {
            "listeners=": f",OPEN://{HOST}:{self._open_port}",
            "advertised.listeners=": f",OPEN://{HOST}:{self._open_port}",
            "listener.security.protocol.map=": ",OPEN:PLAINTEXT",
            "super.users=": ";User:ANONYMOUS",
        }
        return "\n".join(line + added.get(line.partition("=")[0] + "=", "") for line in lines) + "\n"

    @property
    def open(self) -> KafkaSettings:
        """How it is reached without a user."""
        return KafkaSettings(bootstrap_servers=f"{HOST}:{self._open_port}", security_protocol="PLAINTEXT")
