"""A service as a process of its own: it loads what it uses, and says plainly why it cannot start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

COMMANDS = {"attr", "cyclopts", "greenlet", "numpy", "pygments", "rich", "scipy", "shared.command_line", "typst", "xlsxwriter"}
ENCRYPTING = {"cffi", "pycparser", "pymongocrypt"}
SENTENCES = {
    "intake": "intake: [Errno 2] No such file or directory: '{empty}/keyring'\n"
    "See RECEIPT_SECRET_FILE, VAULT_KEYRING_FILE and CONFIG_DIR in docs/intake-api.md.\n",
    "routing": "{empty}/agencies.yaml: line 1: cannot be read (No such file or directory). Is CONFIG_DIR right?\n",
    "notifications": "notifications: [Errno 2] No such file or directory: '{empty}/agencies.yaml'\n",
    "reporting": "reporting: [Errno 2] No such file or directory: '{empty}/targets.yaml'\n",
}
"""What a service says that finds nothing in its folder of settings."""

SERVE = """
import atexit, json, runpy, sys
atexit.register(lambda: print(json.dumps([name for name, module in sys.modules.items() if module])))
runpy.run_module("services.{name}.serve", run_name="__main__")
"""
"""`python -m services.NAME.serve`, which tells at its end what it had loaded."""

Ended = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without settings."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def ended(empty: Path) -> Mapping[str, Ended]:
    """Each service, served with that folder: once for all tests, as a start takes a second."""
    environment = {**os.environ, "CONFIG_DIR": str(empty), "VAULT_KEYRING_FILE": str(empty / "keyring")}
    commands = {name: [sys.executable, "-c", SERVE.format(name=name)] for name in SENTENCES}
    return {
        name: subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
        for name, command in commands.items()
    }


@pytest.mark.parametrize("name", SENTENCES)
def test_a_serving_process_loads_nothing_that_only_commands_or_other_services_need(
    ended: Mapping[str, Ended], name: str
) -> None:
    loaded = set(json.loads(ended[name].stdout))
    assert f"services.{name}.app" in loaded
    assert loaded & COMMANDS == set()
    assert loaded & ENCRYPTING == (ENCRYPTING if name == "intake" else set())


@pytest.mark.parametrize("name", SENTENCES)
def test_a_service_that_cannot_be_configured_ends_with_a_plain_sentence(
    ended: Mapping[str, Ended], empty: Path, name: str
) -> None:
    assert ended[name].returncode == 1
    assert ended[name].stderr == SENTENCES[name].format(empty=empty)
