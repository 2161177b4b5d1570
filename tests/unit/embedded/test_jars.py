"""The locked jars of Kafka."""

from jgo.env import LockFile

from deploy.embedded.jars import LOCK, WANTED


def test_every_locked_jar_has_a_version_and_a_sha256() -> None:
    for entry in LockFile.load(LOCK).dependencies:
        assert entry.version
        assert len(str(entry.sha256)) == 64


def test_what_is_wanted_is_locked_in_the_wanted_version() -> None:
    locked = {f"{entry.groupId}:{entry.artifactId}:{entry.version}" for entry in LockFile.load(LOCK).dependencies}
    assert set(WANTED) <= locked
