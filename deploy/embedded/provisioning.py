"""Closing the bus behind its topics, users and rules: a process that has done its work when it has ended well."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy.embedded.access import ADMIN, Access
from deploy.embedded.child import Child
from deploy.embedded.server import Server


class Provisioning(Server):
    """`python -m shared.bus apply` against a broker. It may be run again at any time."""

    kind = "once"

    def __init__(self, kafka: Access, config: Path, log: Path) -> None:
        passwords = {"BUS_PASSWORDS": str(kafka.passwords.folder), "CONFIG_DIR": str(config)}
        environment = {**os.environ, **kafka.environment(ADMIN), **passwords}
        super().__init__(Child("provision", [sys.executable, "-m", "shared.bus", "apply"], log, environment), port=0)

    @property
    def address(self) -> str:
        """It listens nowhere."""
        return ""

    def answers(self) -> bool:
        """Whether it has ended well."""
        return self.child.exit_status == 0
