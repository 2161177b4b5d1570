"""What is checked before the stack starts, and how the leftovers of a crash are cleared."""

import errno
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.embedded.downloads import download_failed
from deploy.embedded.launch import check_disk, clean_up_after_crash
from deploy.embedded.refusal import Refusal
from deploy.embedded.settings import from_environment
from deploy.embedded.state import FAILED, ProcessState, StackState, StateFolder, born


def _left_behind(pid: int, birth: float | None) -> StackState:
    return StackState(1, processes=[ProcessState("mail", "smtp", "", "", "mail.log", pid=pid, born=birth)])


@pytest.fixture
def program() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])


def test_a_disk_that_is_too_full_is_refused_with_the_settings_that_help(tmp_path: Path) -> None:
    settings = replace(from_environment({"LOCAL_DIR": str(tmp_path)}), min_free_mb=10**9)
    with pytest.raises(Refusal, match=r"nearly full.*MIN_FREE_MB.*LOCAL_DIR"):
        check_disk(settings)


def test_a_download_that_fails_says_what_from_where_and_that_the_network_is_needed() -> None:
    words = str(download_failed("kafka.jar", "Maven Central", OSError("name not known")))
    for part in ("kafka.jar", "Maven Central", "name not known", "network", "run the command again"):
        assert part in words


def test_a_download_that_fills_the_disk_says_so() -> None:
    assert "disk is full" in str(download_failed("kafka.jar", "Maven Central", OSError(errno.ENOSPC, "full")))


def test_what_a_killed_supervisor_left_running_is_ended_and_told(tmp_path: Path, program: subprocess.Popen[bytes]) -> None:
    folder, said = StateFolder(tmp_path), list[str]()
    folder.write(_left_behind(program.pid, born(program.pid)))
    assert clean_up_after_crash(folder, said.append)
    assert program.wait(10) != 0
    assert f"mail (process {program.pid})" in said[0]
    assert folder.read() is None


def test_a_later_process_with_the_same_id_is_left_alone(tmp_path: Path, program: subprocess.Popen[bytes]) -> None:
    folder, said = StateFolder(tmp_path), list[str]()
    folder.write(_left_behind(program.pid, 1.0))
    assert clean_up_after_crash(folder, said.append)
    assert program.poll() is None
    program.kill()
    program.wait()
    assert "ended" not in said[0]


def test_after_an_end_in_order_there_is_nothing_to_clear(tmp_path: Path) -> None:
    folder, said = StateFolder(tmp_path), list[str]()
    assert not clean_up_after_crash(folder, said.append)
    folder.write(StackState(1, FAILED))
    assert not clean_up_after_crash(folder, said.append)
    assert said == []
