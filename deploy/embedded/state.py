"""What is running, for the commands that look: a lock held by the supervisor, and a state file it writes."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

STARTING, READY, STOPPING, FAILED = "starting", "ready", "stopping", "failed"


@dataclass
class ProcessState:
    """One process: `born` is its creation time, which tells it from a later process with the same id."""

    name: str
    kind: str
    address: str
    url: str
    log: str
    pid: int | None = None
    born: float | None = None
    restarts: int = 0
    ready_after: float | None = None
    last_exit: int | None = None


@dataclass
class StackState:
    """The state file. `phase`: starting, ready, stopping or failed; `reason`: why, or what is wrong now."""

    supervisor: int
    phase: str = STARTING
    reason: str = ""
    processes: list[ProcessState] = field(default_factory=list)


class StateFolder:
    """The folder with the lock, the state file and the remembered ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "stack.json"
        self._lock = folder / "stack.lock"
        self._ports = folder / "ports.json"

    def write(self, state: StackState) -> None:
        """Replace the state file in one step, so that no reader sees half of it."""
        _replace(self.file, asdict(state))

    def read(self) -> StackState | None:
        """The state file; None where there is none, or none that can be read."""
        try:
            content = json.loads(self.file.read_text())
            return StackState(**{**content, "processes": [ProcessState(**each) for each in content["processes"]]})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def remove(self) -> None:
        """Delete the state file: nothing is running any more."""
        self.file.unlink(missing_ok=True)

    def remembered_ports(self) -> dict[str, int]:
        """The ports chosen last time, by setting."""
        try:
            return {str(name): int(port) for name, port in json.loads(self._ports.read_text()).items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def remember_ports(self, ports: dict[str, int]) -> None:
        """Keep the chosen ports for the next start."""
        _replace(self._ports, ports)

    @contextlib.contextmanager
    def hold(self) -> Iterator[bool]:
        """Hold the lock for as long as this process lives; gives False where another one holds it.

        The system lets go of it however the holder ends, so that a lock is never stale.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield True

    def supervisor(self) -> int | None:
        """The process id of the running supervisor; None where none runs."""
        try:
            with self._lock.open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
        except BlockingIOError:
            text = self._lock.read_text().strip()
            return int(text) if text.isdigit() else 0
        except OSError:
            return None


def born(pid: int | None) -> float | None:
    """When the process with this id was created, in seconds since 1970; None where there is no such process."""
    try:
        return psutil.Process(pid).create_time() if pid else None
    except psutil.Error:
        return None


def _replace(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(content, indent=1))
    partial.replace(path)
