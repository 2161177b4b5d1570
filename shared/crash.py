"""Named points at which a test may kill the process, so that "kill -9 between any two lines" is a test and not a hope."""

import os
import signal

_ARMED = os.environ.get("CRASH_AT", "")
"""NAME or NAME:N. The process kills itself the N-th time (default the first) it reaches the point."""

_name, _, _count = _ARMED.partition(":")
_left = int(_count or 1)


def crash_point(name: str) -> None:
    """Kills this process without warning if CRASH_AT names this point. Otherwise nothing."""
    global _left  # noqa: PLW0603
    if name != _name:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
