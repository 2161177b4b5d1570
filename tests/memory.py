"""Folders in memory, for data that need not outlive the tests.

Kafka flushes several files for each partition it makes. A test that makes a bus of its own waits for that: on a disk about a
second, in memory a hundredth. Nothing else differs; what a killed process had written is still there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
ROOM = 3_000_000_000  # bytes that have to be free


@contextmanager
def folder(otherwise: Path) -> Iterator[Path]:
    """A folder in memory while the block lasts; `otherwise` where the system has none (macOS) or not enough room."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM):
        yield otherwise
        return
    for left in MEMORY.glob("referral-bus-*"):
        if not psutil.pid_exists(int(left.name.split("-")[2])):  # of tests that were killed
            shutil.rmtree(left, ignore_errors=True)
    mine = Path(tempfile.mkdtemp(prefix=f"referral-bus-{os.getpid()}-", dir=MEMORY))
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)
