"""Log files of bounded size."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

LIMIT = 10_000_000  # bytes; with the part kept before it, a process takes at most about half as much again


def trim(path: Path | str, limit: int = LIMIT) -> bool:
    """Where the log is larger than `limit` bytes, keep its last half as PATH.1 and empty it.

    The writer appends, so that it goes on at the new end. What it writes in the instant between copying and
    emptying is lost: the price for a log that needs no process of its own. Returns whether it did.
    """
    path = Path(path)
    if not path.exists() or path.stat().st_size <= limit:
        return False
    kept = path.with_name(f"{path.name}.1")
    with path.open("r+b") as log:
        log.seek(-(limit // 2), os.SEEK_END)
        with contextlib.suppress(OSError):  # on a full disk, emptying the log matters more than keeping its end
            kept.write_bytes(log.read())
        log.truncate(0)
    return True
