"""Waiting for a condition with a deadline: the only way a test here waits."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(probe: Callable[[], Awaitable[T | None]], *, within: float = 60.0, every: float = 0.02) -> T:
    """The first answer of `probe` that is truthy. AssertionError after `within` seconds."""
    until = time.monotonic() + within
    while True:
        answer = await probe()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"did not happen within {within} s: {getattr(probe, '__qualname__', probe)}")
        await asyncio.sleep(every)
