"""Waiting for a started program to answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from deploy.embedded.child import Child
from deploy.embedded.refusal import Refusal

_STEP = 0.05


def wait_until(answers: Callable[[], bool], child: Child, timeout: float) -> None:
    """Return when `answers()` is true; raise with the end of the log when the child ends or `timeout` seconds pass."""
    deadline = time.monotonic() + timeout
    while not answers():
        if not child.running:
            raise Refusal(f"{child.name} ended while it started (status {child.exit_status}).\n{tail(child.log)}")
        if time.monotonic() > deadline:
            raise Refusal(f"{child.name} did not answer within {timeout:.0f} s.\n{tail(child.log)}")
        time.sleep(_STEP)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log file, headed by its path."""
    text = log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []
    return "\n".join([f"The end of {log}:", *(f"  {line}" for line in text)])
