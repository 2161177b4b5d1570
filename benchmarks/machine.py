"""On what and next to what it was measured."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

LIBRARIES = ("aiokafka", "faststream", "motor", "pydantic", "uvloop")


def machine() -> dict[str, Any]:
    """The machine, the versions, and how busy it is now (load averages of 1, 5 and 15 minutes)."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "load": load(),
    }


def load() -> list[float]:
    """The load averages."""
    return [round(value, 2) for value in os.getloadavg()]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
