"""What the commands know about a stack that runs, or does not run any more."""

import os
from pathlib import Path

import pytest

from deploy.embedded.state import READY, ProcessState, StackState, StateFolder, born

PROCESS = ProcessState("kafka", "kafka", "127.0.0.1:1", "127.0.0.1:1", "kafka.log", pid=1, born=2.0, restarts=3)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    folder, state = StateFolder(tmp_path / "run"), StackState(supervisor=7, phase=READY, processes=[PROCESS])
    folder.write(state)
    assert folder.read() == state


@pytest.mark.parametrize("content", ["", "{", "[]", '{"supervisor": 1}', '{"processes": [{}], "supervisor": 1}'])
def test_a_state_file_that_cannot_be_read_counts_as_none(tmp_path: Path, content: str) -> None:
    folder = StateFolder(tmp_path)
    folder.file.write_text(content)
    assert folder.read() is None


def test_no_supervisor_runs_where_nobody_holds_the_lock(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    assert folder.supervisor() is None
    with folder.hold():
        pass
    assert folder.supervisor() is None


def test_the_holder_of_the_lock_is_the_supervisor_and_stays_alone(tmp_path: Path) -> None:
    with StateFolder(tmp_path).hold() as first, StateFolder(tmp_path).hold() as second:
        assert (first, second) == (True, False)
        assert StateFolder(tmp_path).supervisor() == os.getpid()


def test_ports_are_remembered_and_damage_to_them_is_forgotten(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    assert folder.remembered_ports() == {}
    folder.remember_ports({"KAFKA_PORT": 5})
    assert folder.remembered_ports() == {"KAFKA_PORT": 5}
    (tmp_path / "ports.json").write_text("damaged")
    assert folder.remembered_ports() == {}


def test_a_process_is_known_by_its_birth_and_not_by_its_id_alone() -> None:
    assert born(os.getpid()) == born(os.getpid()) != None  # noqa: E711
    assert born(None) is None
    assert born(2**22 + 1) is None
