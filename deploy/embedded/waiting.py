"""Waiting for a started program to answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from deploy.embedded.child import Child
from deploy.embedded.refusal import Refusal

_STEP = 0.05  # seconds
_WIDTH = 200  # characters


def wait_until(answers: Callable[[], bool], child: Child, timeout: float) -> None:
    """Return when `answers()` is true; raise with the end of the log when the child ends or `timeout` seconds pass."""
    deadline = time.monotonic() + timeout
    while not answers():
        if not child.running:
            raise Refusal(f"{child.name} ended while it started (status {child.exit_status}).\n{tail(child.log)}")
        if time.monotonic() > deadline:
            raise Refusal(f"{child.name} did not answer within {timeout:.0f} s.\n{tail(child.log)}")
        time.sleep(_STEP)


def tail(log: Path, lines: int = 10) -> str:
    """The last lines of a log file, cut to a readable width, headed by its path, and by the cause where it is plain."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    cause = ["The disk is full. Free some space, or set LOCAL_DIR to a folder on another disk."] * _disk_was_full(text)
    return "\n".join([*cause, f"The end of {log}:", *(f"  {line[:_WIDTH]}" for line in text[-lines:])])


def _disk_was_full(lines: list[str]) -> bool:
    return any("No space left on device" in line for line in lines[-200:])
