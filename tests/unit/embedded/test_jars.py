"""The locked jars of Kafka."""

from pathlib import Path

from deploy.embedded.downloads import sha256
from deploy.embedded.jars import Jar, locked
from deploy.embedded.maven import WANTED


def test_every_locked_jar_has_a_version_and_a_sha256() -> None:
    for jar in locked():
        assert jar.version
        assert len(jar.sha256) == 64


def test_what_is_wanted_is_locked_in_the_wanted_version() -> None:
    assert set(WANTED) <= {f"{jar.group}:{jar.artifact}:{jar.version}" for jar in locked()}


def test_a_jar_that_is_missing_or_cut_short_is_not_intact(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.write_bytes(b"a jar")
    jar = Jar("org.example", "part", "1.0", sha256(whole))
    assert not jar.is_intact(tmp_path)
    path = jar.path(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a j")
    assert not jar.is_intact(tmp_path)
    path.write_bytes(b"a jar")
    assert jar.is_intact(tmp_path)
