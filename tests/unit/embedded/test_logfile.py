"""Log files stay bounded."""

from pathlib import Path

from deploy.embedded.logfile import trim


def test_a_log_over_its_limit_keeps_its_last_half_beside_it_and_starts_anew(tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    log.write_text("old " * 30 + "new " * 25)
    assert trim(log, limit=200)
    assert log.read_text() == ""
    assert (tmp_path / "kafka.log.1").read_text() == "new " * 25


def test_a_program_that_appends_goes_on_at_the_new_end(tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    with log.open("a") as writer:
        writer.write("x" * 300)
        writer.flush()
        trim(log, limit=200)
        writer.write("next")
        writer.flush()
    assert log.read_text() == "next"


def test_a_small_or_missing_log_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kafka.log").write_text("x" * 200)
    assert not trim(tmp_path / "kafka.log", limit=200)
    assert not trim(tmp_path / "none.log", limit=200)
    assert (tmp_path / "kafka.log").read_text() == "x" * 200
