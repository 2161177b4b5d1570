"""The Makefile and the script that makes the Python environment."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROMISED = ["demo", "test", "up", "down", "reset", "status", "logs", "bench", "lint", "chaos", "compose-test"]


def test_plain_make_lists_every_promised_target_with_a_line_of_help() -> None:
    listing = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    described = dict(re.findall(r"^  (\S+) +(\S.*)$", listing, re.MULTILINE))
    assert set(PROMISED) <= described.keys()


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    """A program that answers like a Python of the past."""
    program = tmp_path / "python3"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2"\nexit 1\n')
    program.chmod(0o755)
    return program


def make_environment(**settings: str) -> subprocess.CompletedProcess[str]:
    command, environment = ["deploy/environment.sh"], {**os.environ, **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_an_old_python_is_refused_with_status_2_and_its_version(tmp_path: Path, old_python: Path) -> None:
    refused = make_environment(LOCAL_DIR=str(tmp_path / "local"), PYTHON=str(old_python))
    assert refused.returncode == 2
    assert "not a Python 3.11 or later (Python 3.9.2)" in refused.stderr


def test_a_full_disk_is_refused_with_status_2_before_anything_is_installed(tmp_path: Path) -> None:
    refused = make_environment(LOCAL_DIR=str(tmp_path / "local"), MIN_FREE_MB="1000000000")
    assert refused.returncode == 2
    assert "nearly full" in refused.stderr
    assert not (tmp_path / "local" / "venv").exists()
