"""What every download of the embedded stack shares: one at a time, checked, and plain words when it fails."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded.refusal import Refusal, disk_full, is_disk_full


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold a folder of downloads alone: a second command that needs it waits until the first has filled it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download_failed(what: str, source: str, error: BaseException) -> Refusal:
    """Words for a download that failed: what, from where, why, and what to do."""
    if is_disk_full(error):
        return disk_full(what)
    return Refusal(
        f"Could not download {what} from {source}: {error}\n"
        "The first start needs the network (later ones do not). Check the connection, or the proxy settings "
        "(HTTPS_PROXY), and run the command again: what was already downloaded is kept."
    )
