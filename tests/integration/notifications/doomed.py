"""Notifications in a process of its own, by a clock that is ahead, until a crash point kills it.

The processes are forked from one that has imported the service, so that each takes a moment to start.
"""

import asyncio
import importlib
import multiprocessing
import os
from collections.abc import Mapping
from datetime import timedelta

from services.notifications.app import build_app
from services.notifications.settings import NotificationsSettings
from shared import crash
from tests.integration.notifications.clocks import WallClock

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


async def how_it_ends(environment: Mapping[str, str], ahead: timedelta, within: float = 60.0) -> int | None:
    """The exit status of one that is served until it ends; None where it does not. It is gone in any case."""
    process = _FORKS.Process(target=_serve, args=(dict(environment), ahead), daemon=True)
    await asyncio.to_thread(process.start)
    await asyncio.to_thread(process.join, within)
    ended = process.exitcode
    process.kill()
    return ended


def _serve(environment: Mapping[str, str], ahead: timedelta) -> None:
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(crash)  # it reads CRASH_AT when it is imported
    asyncio.run(_until_killed(ahead))


async def _until_killed(ahead: timedelta) -> None:
    clock = WallClock()
    clock.ahead = ahead
    service = build_app(NotificationsSettings(), clock)
    async with service.http.router.lifespan_context(service.http):
        await asyncio.Event().wait()
