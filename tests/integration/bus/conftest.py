"""A bus with three agencies and a coordinator, made by the real command."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.embedded import Access
from deploy.embedded.access import ADMIN

AGENCIES = ("coordinator", "cca", "dcf", "windsor-pd")


@dataclass
class Command:
    """`python -m shared.bus` on a bus of its own."""

    access: Access
    config: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            **self.access.environment(ADMIN),
            "TOPIC_PREFIX": self.access.prefix,
            "BUS_PASSWORDS": str(self.access.passwords.folder),
            "CONFIG_DIR": str(self.config),
        }
        command = [sys.executable, "-m", "shared.bus", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    def done(self, *words: str) -> str:
        """Its output; it has to end well."""
        ended = self.run(*words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def changes(self, *words: str) -> list[dict[str, Any]]:
        """What it says of each change."""
        found: list[dict[str, Any]] = json.loads(self.run(*words, "--json").stdout)["changes"]
        return found


def agencies(folder: Path, *ids: str) -> None:
    known = yaml.safe_load(Path("config/agencies.yaml").read_text())["agencies"]
    kept = {"agencies": [agency for agency in known if agency["id"] in ids]}
    (folder / "agencies.yaml").write_text(yaml.safe_dump(kept))


@pytest.fixture(scope="module")
def bus(kafka: Access, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Applied; the module's tests share it."""
    config = tmp_path_factory.mktemp("config")
    agencies(config, *AGENCIES)
    (config / "bus.yaml").write_text(Path("config/bus.yaml").read_text())
    command = Command(replace(kafka, prefix=f"t{secrets.token_hex(4)}."), config)
    assert "create user" in command.done("apply")
    return command
