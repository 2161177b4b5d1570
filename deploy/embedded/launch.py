"""Bringing the stack up and down from the outside: what `make up` and `make down` do."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil

from deploy.embedded.binary import mongod_binary
from deploy.embedded.jars import Say, class_path
from deploy.embedded.ports import choose
from deploy.embedded.refusal import Refusal
from deploy.embedded.settings import Settings
from deploy.embedded.state import FAILED, READY, StackState, StateFolder, born
from deploy.embedded.waiting import tail

DATA = ("kafka", "mongod", "mail", "logs", "run", "secrets")
_PAUSE = 0.1
_STOP_TIMEOUT = 120.0


class StartError(Exception):
    """A process of the stack ends or does not get ready. The text says which, with the end of its log."""


def up(settings: Settings, say: Say) -> StackState:
    """Start the stack in the background; returns its state when every process is ready.

    Where it runs already, says so and waits until it is ready. Raises Refusal or StartError.
    """
    folder = StateFolder(settings.run)
    running = folder.supervisor()
    if running is None:
        check_disk(settings)
        clean_up_after_crash(folder, say)
        fetch(settings, say)
        ports = choose(settings.ports, folder.remembered_ports())
        folder.remember_ports(ports)
        running = _spawn_supervisor(settings, ports)
    else:
        say(f"The stack is running already (supervisor: process {running}).")
    return _follow(folder, running, settings, say)


def down(settings: Settings, say: Say) -> None:
    """Stop the stack and wait for its end; says so where nothing runs."""
    folder = StateFolder(settings.run)
    running = folder.supervisor()
    if not running:
        if not clean_up_after_crash(folder, say):
            say("Nothing is running.")
        return
    say("Stopping: the services finish what they have begun, which can take 20 s.")
    os.kill(running, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_TIMEOUT
    while folder.supervisor() == running:
        if time.monotonic() > deadline:
            raise Refusal(f"The supervisor (process {running}) has not ended after {_STOP_TIMEOUT:.0f} s.")
        time.sleep(_PAUSE)
    say("Stopped.")


def reset(settings: Settings, say: Say) -> None:
    """Stop the stack and delete its data. Downloads and the Python environment are kept."""
    down(settings, say)
    for name in DATA:
        shutil.rmtree(settings.local / name, ignore_errors=True)
    say(f"Deleted the data under {settings.local}.")


def fetch(settings: Settings, say: Say) -> None:
    """Download what is missing of Kafka and mongod, both at once."""
    jobs: list[Callable[[], object]] = [
        lambda: class_path(settings.cache, say),
        lambda: mongod_binary(settings.cache, say),
    ]
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


def check_disk(settings: Settings) -> None:
    """Raise Refusal where the disk has less room than a start needs."""
    settings.local.mkdir(parents=True, exist_ok=True)
    free_mb = shutil.disk_usage(settings.local).free // 1_000_000
    if free_mb < settings.min_free_mb:
        raise Refusal(
            f"The disk is nearly full: {free_mb} MB are free under {settings.local}, the stack needs "
            f"{settings.min_free_mb} MB (setting MIN_FREE_MB). Free some space, or set LOCAL_DIR to a folder on another disk."
        )


def clean_up_after_crash(folder: StateFolder, say: Say) -> bool:
    """Remove what a supervisor that was killed left: its state file, and on some systems its processes."""
    state = folder.read()
    if state is None or state.phase == FAILED:
        folder.remove()
        return False
    left = [process for process in state.processes if process.pid and born(process.pid) == process.born]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(process.pid).kill()
    names = ", ".join(f"{process.name} (process {process.pid})" for process in left)
    say("The last run did not end in order; cleaned up after it" + (f": ended {names}." if names else "."))
    folder.remove()
    return True


def _spawn_supervisor(settings: Settings, ports: dict[str, int]) -> int:
    settings.logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **{name: str(port) for name, port in ports.items()}}
    with (settings.logs / "supervisor.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.embedded", "supervise"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        ).pid


def _follow(folder: StateFolder, supervisor: int, settings: Settings, say: Say) -> StackState:
    """Say what becomes ready until all is; where it fails, wait until everything is stopped again."""
    said: set[str] = set()
    failure = ""
    for state in _states(folder, supervisor):
        if state.phase == READY and not said:
            return state
        for process in state.processes:
            if process.ready_after is not None and process.name not in said:
                said.add(process.name)
                say(f"  {process.name:<14} ready after {process.ready_after:>5.1f} s   {process.url}".rstrip())
        if state.phase == READY:
            return state
        failure = state.reason if state.phase == FAILED else ""
    if failure:
        raise StartError(f"The stack did not come up. {failure}")
    if other := folder.supervisor():  # a second `up` was faster
        return _follow(folder, other, settings, say)
    raise StartError(f"The supervisor ended while the stack started.\n{tail(settings.logs / 'supervisor.log')}")


def _states(folder: StateFolder, supervisor: int) -> Iterator[StackState]:
    """The supervisor's state again and again, and once more after its end."""
    alive = True
    while alive:
        alive = _is_alive(supervisor)
        state = folder.read()
        if state is not None and state.supervisor == supervisor:
            yield state
        time.sleep(_PAUSE)


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
