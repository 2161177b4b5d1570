"""Creating the topics: a process that has done its work when it has ended well."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy.embedded.child import Child
from deploy.embedded.server import Server


class Provisioning(Server):
    """`python -m shared.provision` against a broker. It may be run again at any time."""

    kind = "once"

    def __init__(self, kafka: str, config: Path, log: Path) -> None:
        environment = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": kafka, "CONFIG_DIR": str(config)}
        super().__init__(Child("provision", [sys.executable, "-m", "shared.provision"], log, environment), port=0)

    @property
    def address(self) -> str:
        """It listens nowhere."""
        return ""

    def answers(self) -> bool:
        """Whether it has ended well."""
        return self.child.exit_status == 0
