"""What a person at the terminal sees: up, a second up, status, a taken port, a crash, down. One stack, in this order."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.embedded.certificates import renew
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.service import SERVICES
from deploy.embedded.settings import from_environment
from deploy.embedded.state import StateFolder
from deploy.embedded.status import look

ROOT = Path(__file__).parents[3]


class Terminal:
    """Runs commands of the stack with a folder of its own, and shares the downloads."""

    def __init__(self, folder: Path) -> None:
        cache = str(from_environment(os.environ).cache)
        self.environment = {**os.environ, "LOCAL_DIR": str(folder), "CACHE_DIR": cache, "PORTS": "free"}

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "deploy.embedded", *arguments]
        environment = {**self.environment, **settings}
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=150, check=False)

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.run("status", "--json").stdout))

    def kafka(self) -> dict[str, Any]:
        """What the status says of the broker."""
        processes = look(StateFolder(Path(self.environment["LOCAL_DIR"]) / "run")).processes
        return next(each for each in processes if each["name"] == "kafka")


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path_factory.mktemp("stack"))
    up = terminal.run("up")
    assert up.returncode == 0, up.stderr
    yield terminal
    terminal.run("down")


def test_status_for_scripts_gives_address_process_and_health_of_everything(terminal: Terminal) -> None:
    status = terminal.status()
    assert status["phase"] == "ready"
    assert {"kafka", "mongod", "mail", "issuer", *SERVICES} == status["addresses"].keys()
    for process in status["processes"]:
        assert process["health"] in ("ready", "done")
        assert process["health"] == "done" or psutil.pid_exists(process["pid"])


def test_a_second_up_says_that_it_runs_and_is_content(terminal: Terminal) -> None:
    before = terminal.status()
    second = terminal.run("up")
    assert second.returncode == 0
    assert f"running already (supervisor: process {before['supervisor']})" in second.stdout
    assert terminal.status()["processes"] == before["processes"]


def test_status_says_which_process_is_down(terminal: Terminal) -> None:
    mail = next(each for each in terminal.status()["processes"] if each["name"] == "mail")
    psutil.Process(mail["pid"]).suspend()
    seen = terminal.run("status")
    psutil.Process(mail["pid"]).resume()
    assert seen.returncode == 1
    assert "degraded" in seen.stdout


def test_a_certificate_that_ends_soon_is_said_and_replaced_while_the_broker_runs(terminal: Terminal) -> None:
    before = terminal.kafka()
    renew(Path(terminal.environment["LOCAL_DIR"]) / "secrets", days=5)
    assert terminal.kafka()["said"] == "its certificate ends in 5 days: rotate-certificate"
    rotated = terminal.run("rotate-certificate")
    assert (rotated.returncode, "shows a new certificate" in rotated.stdout) == (0, True), rotated.stderr
    assert terminal.kafka() == before


def test_after_a_crash_up_says_that_it_cleaned_up_and_starts(terminal: Terminal) -> None:
    before = terminal.status()
    os.kill(before["supervisor"], signal.SIGKILL)
    again = terminal.run("up")
    assert again.returncode == 0, again.stderr
    assert "did not end in order; cleaned up" in again.stdout
    assert terminal.status()["addresses"] == before["addresses"]


def test_down_ends_every_process_and_may_be_repeated(terminal: Terminal) -> None:
    before = terminal.status()
    assert terminal.run("down").returncode == 0
    assert not any(each["pid"] and psutil.pid_exists(each["pid"]) for each in before["processes"])
    repeated = terminal.run("down")
    assert (repeated.returncode, repeated.stdout) == (0, "Nothing is running.\n")
    assert terminal.run("status").returncode == 3


def test_a_taken_port_is_refused_with_status_2_before_anything_starts(terminal: Terminal) -> None:
    with socket.socket() as other:
        port = free_port()
        other.bind((HOST, port))
        other.listen()
        refused = terminal.run("up", KAFKA_PORT=str(port))
    assert refused.returncode == 2
    assert f"Port {port} is taken by" in refused.stderr
    assert "KAFKA_PORT" in refused.stderr
    assert terminal.status()["processes"] == []


def test_reset_deletes_the_data(terminal: Terminal) -> None:
    folder = Path(terminal.environment["LOCAL_DIR"])
    assert (folder / "kafka").exists()
    assert terminal.run("reset").returncode == 0
    assert not any((folder / name).exists() for name in ("kafka", "mongod", "mail", "secrets"))
