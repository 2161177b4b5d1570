"""Where mongod comes from."""

from pathlib import Path

import pytest

from deploy.embedded.binary import PLATFORMS, check_platform, mongod_binary
from deploy.embedded.refusal import Refusal


@pytest.mark.parametrize(("system", "machine"), sorted(PLATFORMS))
def test_the_promised_platforms_are_supported(system: str, machine: str) -> None:
    assert check_platform(system, machine) is None  # type: ignore[func-returns-value]


def test_another_platform_is_pointed_to_an_own_mongod_and_to_containers() -> None:
    with pytest.raises(Refusal, match=r"linux on riscv64.*MONGOD.*docker compose"):
        check_platform("linux", "riscv64")


def test_a_named_mongod_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MONGOD", "/bin/true")
    assert mongod_binary(tmp_path) == Path("/bin/true")


def test_a_named_mongod_that_does_not_run_is_refused_with_what_it_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\necho 'no such library' >&2\nexit 127\n")
    program.chmod(0o755)
    monkeypatch.setenv("MONGOD", str(program))
    with pytest.raises(Refusal, match=r"does not run here: no such library"):
        mongod_binary(tmp_path)


def test_a_named_mongod_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MONGOD", str(tmp_path / "none"))
    with pytest.raises(Refusal, match="No such file"):
        mongod_binary(tmp_path)
