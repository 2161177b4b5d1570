"""A child process: its log file, its end, and the promise that it does not outlive its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1
_PROJECT = Path(__file__).parents[2]  # where `python -m services.NAME` finds its packages
# The kernel's promise to end a child holds for the *thread* that started it, so that one thread, which
# lives as long as this process, starts them all.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="child-starter")


class Child:
    """One operating system process, started, ended and started again with the same command.

    On Linux the kernel kills it when this process ends, however that happens; elsewhere `stop` has to be called.
    """

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_end = False

    @property
    def pid(self) -> int | None:
        """The process id, also after its end; None before the first start."""
        return self._process.pid if self._process else None

    @property
    def exit_status(self) -> int | None:
        """None while it runs (or was never started); negative when a signal ended it."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the command. Its output is appended to the log file, so that the file can be cut while it runs."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = _STARTER.submit(
                subprocess.Popen,
                self.command,
                cwd=_PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if self.environment is None else dict(self.environment),
                preexec_fn=_die_with_parent(),
                process_group=0,  # a Ctrl-C in the terminal is the parent's to handle
            ).result()
        self._asked_to_end = False

    def terminate(self) -> None:
        """Ask it to end (SIGTERM), without waiting; once only, as many programs take a second request for an order."""
        if self._process is not None and self._process.poll() is None and not self._asked_to_end:
            self._asked_to_end = True
            self._process.send_signal(signal.SIGTERM)

    def stop(self, grace: float = 25.0) -> None:
        """SIGTERM, then SIGKILL after `grace` seconds. Does nothing where the process has ended."""
        if self._process is None:
            return
        self.terminate()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill9()

    def kill9(self) -> None:
        """SIGKILL, and wait for the end."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _die_with_parent() -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel
