"""How long `make up` takes until everything is ready: the first time, with empty data, and again; and how `make down` takes.

The Python environment and the downloads are there already: what is measured is the start of Kafka, MongoDB and the services.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

import psutil

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from deploy.embedded.service import SERVICES


class Embedded:
    """The embedded stack in a folder of its own, run by its command line as make does."""

    def __init__(self, bench: Bench) -> None:
        self._folder = bench.folder
        self._environment = os.environ | {"LOCAL_DIR": str(bench.folder), "CACHE_DIR": str(bench.cache), "PORTS": "free"}

    def run(self, command: str, *arguments: str) -> tuple[float, str]:
        """Seconds it took, and what it printed."""
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "deploy.embedded", command, *arguments],
            env=self._environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return time.monotonic() - started, done.stdout

    def status(self) -> Mapping[str, Any]:
        """Every process, by name."""
        return {process["name"]: process for process in json.loads(self.run("status", "--json")[1])["processes"]}

    def remove(self) -> None:
        """Deletes everything it wrote."""
        shutil.rmtree(self._folder, ignore_errors=True)


def memory(processes: Mapping[str, Any]) -> list[Figure]:
    """What each process of the fresh stack holds."""
    held = {name: psutil.Process(each["pid"]).memory_info().rss / 2**20 for name, each in processes.items() if alive(each)}
    backbone = [Figure(f"{name}, just started", mb, "MB") for name, mb in held.items() if name not in SERVICES]
    return [*backbone, Figure("the four services together, just started", sum(held[name] for name in SERVICES), "MB")]


def alive(process: Mapping[str, Any]) -> bool:
    """False for what had one thing to do and has done it."""
    return bool(process["health"] == "ready")


def measure(bench: Bench) -> Iterable[Figure]:
    """From `make up` to ready."""
    embedded = Embedded(bench)
    embedded.remove()
    try:
        first, _ = embedded.run("up")
        processes = embedded.status()
        held = memory(processes)
        bench.say(f"first start: ready after {first:.1f} s")
        down, _ = embedded.run("down")
        again, _ = embedded.run("up")
        bench.say(f"second start: ready after {again:.1f} s")
    finally:
        embedded.run("down")
        embedded.remove()
    ready = {name: process["ready_after_seconds"] for name, process in processes.items()}
    return [
        Figure("make up, first time", first, "s"),
        Figure("make up, again", again, "s"),
        Figure("Kafka and MongoDB ready, of the first", max(ready["kafka"], ready["mongod"]), "s"),
        Figure("make down", down, "s"),
        *held,
    ]
