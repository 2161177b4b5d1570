"""The supervisor with real programs: restart, order of stopping, no orphans, and a start that fails."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.embedded.state import FAILED, READY, ProcessState, StackState, StateFolder
from tests.waiting import eventually

Supervisor = subprocess.Popen[bytes]


@contextmanager
def supervisor(folder: Path, *arguments: str) -> Iterator[Supervisor]:
    command = [sys.executable, "-m", "tests.integration.embedded.small_stack", str(folder), *arguments]
    with (folder / "supervisor.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def state_when(folder: Path, holds: Callable[[StackState], bool]) -> StackState:
    async def probe() -> StackState | None:
        state = StateFolder(folder / "run").read()
        return state if state and holds(state) else None

    return await eventually(probe)


def is_ready(state: StackState) -> bool:
    return state.phase == READY


def process_of(state: StackState, name: str) -> ProcessState:
    return next(process for process in state.processes if process.name == name)


def log_lines(folder: Path) -> list[str]:
    return (folder / "supervisor.log").read_text().splitlines()


async def test_a_killed_process_is_started_again_at_the_same_address(tmp_path: Path) -> None:
    with supervisor(tmp_path):
        before = process_of(await state_when(tmp_path, is_ready), "second")
        os.kill(before.pid or 0, signal.SIGKILL)
        state = await state_when(tmp_path, lambda state: process_of(state, "second").restarts == 1)
        after = process_of(state, "second")
    assert after.pid != before.pid
    assert (after.address, after.last_exit) == (before.address, -signal.SIGKILL)


async def test_the_other_processes_go_on_while_one_is_started_again(tmp_path: Path) -> None:
    with supervisor(tmp_path):
        before = await state_when(tmp_path, is_ready)
        os.kill(process_of(before, "second").pid or 0, signal.SIGKILL)
        after = await state_when(tmp_path, lambda state: process_of(state, "second").restarts == 1)
    assert process_of(after, "first").pid == process_of(before, "first").pid


async def test_a_stop_ends_the_last_stage_first_and_leaves_nothing_running(tmp_path: Path) -> None:
    with supervisor(tmp_path) as process:
        state = await state_when(tmp_path, is_ready)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert log_lines(tmp_path)[-2:] == ["second stopped (status 0)", "first stopped (status 0)"]
    assert not any(psutil.pid_exists(each.pid or 0) for each in state.processes)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent by itself")
async def test_no_process_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    with supervisor(tmp_path) as process:
        state = await state_when(tmp_path, is_ready)
        process.kill()

        async def all_gone() -> bool:
            return not any(psutil.pid_exists(each.pid or 0) for each in state.processes)

        assert await eventually(all_gone)


async def test_a_process_that_never_gets_ready_stops_the_start_and_is_told_with_its_last_words(tmp_path: Path) -> None:
    with supervisor(tmp_path, "broken") as process:
        state = await state_when(tmp_path, lambda state: state.phase == FAILED)
        assert process.wait(30) != 0
    assert "broken ends each time it is started" in state.reason
    assert "cannot do it" in state.reason
    assert not any(psutil.pid_exists(each.pid or 0) for each in state.processes)
