"""A bus with four agencies and a coordinator, made by the real command."""

from __future__ import annotations

import io
import json
import os
import secrets
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from deploy.embedded import Access
from deploy.embedded.access import ADMIN
from shared.bus.command import main

AGENCIES = ("coordinator", "cca", "dcf", "windsor-pd", "glastonbury-pd")


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Command:
    """The bus command on a bus of its own, in this process: a start of Python costs more than all that it does."""

    access: Access
    config: Path

    def run(self, *words: str) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        with patch.dict(os.environ, self.environment), redirect_stdout(out), redirect_stderr(err):  # noqa: SIM117
            with pytest.raises(SystemExit) as end:
                main(words)
        return Ended(int(end.value.code or 0), out.getvalue(), err.getvalue())

    @property
    def environment(self) -> dict[str, str]:
        return self.access.environment(ADMIN) | {
            "TOPIC_PREFIX": self.access.prefix,
            "BUS_PASSWORDS": str(self.access.passwords.folder),
            "BUS_OUTSIDE": self.access.outside,
            "BUS_CA_FILE": str(self.access.secrets / "ca.pem"),
            "CONFIG_DIR": str(self.config),
        }

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
