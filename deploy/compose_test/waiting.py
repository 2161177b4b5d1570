"""Waiting for something to become true, and no longer than is decent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from deploy.compose_test.compose import Failed, Refused

T = TypeVar("T")


def until(what: str, probe: Callable[[], T | None], *, seconds: float = 60, service: str | None = None) -> T:
    """The first answer of `probe` that is not None or empty; Failed after `seconds`, naming what did not come true."""
    end = time.monotonic() + seconds
    while True:
        why = ""
        try:
            if found := probe():
                return found
        except Refused:
            raise
        except Failed as failure:  # what was just restarted may not answer yet
            why = f"\n{failure}"
        if time.monotonic() > end:
            raise Failed(f"not within {seconds:.0f} s: {what}{why}", service)
        time.sleep(0.3)
