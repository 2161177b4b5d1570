"""The operator's command `rebuild`, measured from the start of its process to its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

from benchmarks.ground import Ground
from deploy.embedded.access import ADMIN


@dataclass(frozen=True)
class Run:
    """Seconds by the clock and of processor time, and the most memory it held, in MB."""

    seconds: float
    cpu: float
    memory: float


def rebuild(ground: Ground, **more: str) -> Run:
    """The real command, as a process, looked at every 20 ms. `more`: settings."""
    environment = os.environ | ground.broker.access.environment(ADMIN) | {"MONGO_URL": ground.database.url} | more
    command, started = [sys.executable, "-m", "services.reporting", "rebuild"], time.monotonic()
    process, memory, cpu = psutil.Popen(command, env=environment, stdout=subprocess.DEVNULL), 0, 0.0
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess), process.oneshot():
            memory = max(memory, process.memory_info().rss)
            cpu = max(cpu, sum(process.cpu_times()[:2]))
        time.sleep(0.02)
    assert process.returncode == 0, f"rebuild ended with status {process.returncode}"
    return Run(time.monotonic() - started, cpu, memory / 2**20)
