"""Kafka's jars, each known by its SHA-256 in a lock file that is checked in."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.downloads import exclusive, sha256

LOCK = Path(__file__).parent / "jars.lock.toml"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Jar:
    """One locked jar. The names are Maven's."""

    group: str
    artifact: str
    version: str
    sha256: str

    def path(self, repository: Path) -> Path:
        """Where it lies in a Maven repository folder."""
        return repository.joinpath(*self.group.split("."), self.artifact, self.version, f"{self.artifact}-{self.version}.jar")

    def is_intact(self, repository: Path) -> bool:
        """Whether it is there and is the one that was locked."""
        path = self.path(repository)
        return path.exists() and sha256(path) == self.sha256


def locked() -> list[Jar]:
    """The jars of the lock file."""
    entries = tomllib.loads(LOCK.read_text())["dependencies"]
    return [Jar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"]) for entry in entries]


def class_path(cache: Path, say: Say = print) -> str:
    """The Java class path of the locked jars under the folder `cache`; downloads those that are missing or damaged.

    Raises Refusal where a download fails or gives another file than the one that was locked.
    """
    repository, jars = cache / "jars", locked()
    with exclusive(repository):
        if missing := [jar for jar in jars if not jar.is_intact(repository)]:
            from deploy.embedded.maven import download  # noqa: PLC0415 - slow to import, and needed once only

            download(missing, repository, say)
    return os.pathsep.join(str(jar.path(repository)) for jar in jars)
