"""Kafka's jars: resolved once into a lock file, then fetched by it and checked against its SHA-256."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jgo.env import LockedDependency, LockFile
from jgo.maven import Artifact, MavenContext

from deploy.embedded.downloads import download_failed, exclusive, sha256

LOCK = Path(__file__).parent / "jars.lock.toml"
WANTED = ("org.apache.kafka:kafka_2.13:4.1.0", "org.slf4j:slf4j-simple:1.7.36")
Say = Callable[[str], None]


def class_path(cache: Path, say: Say = print) -> str:
    """The Java class path of the locked jars under the folder `cache`; downloads those that are missing.

    Raises Refusal where a download fails or a jar is not the one that was locked.
    """
    context = _context(cache)
    with exclusive(cache):
        locked = [(_artifact(context, entry), str(entry.sha256)) for entry in LockFile.load(LOCK).dependencies]
        missing = [(artifact, checksum) for artifact, checksum in locked if not _is_intact(artifact, checksum)]
        if missing:
            _download(missing, say)
    return os.pathsep.join(str(_path(artifact)) for artifact, _ in locked)


def write_lock(cache: Path) -> int:
    """Resolve what is wanted, with all it depends on, and write the lock file. Returns the number of jars."""
    context = _context(cache)
    asked, pulled_in = context.resolver.resolve([context.create_dependency(name) for name in WANTED])
    lock = LockFile.from_resolved_dependencies([*asked, *pulled_in])
    lock.dependencies.sort(key=lambda entry: (entry.groupId, entry.artifactId))
    lock.save(LOCK)
    return len(lock.dependencies)


def _context(cache: Path) -> MavenContext:
    return MavenContext(repo_cache=cache / "jars", timeout=30)


def _artifact(context: MavenContext, entry: LockedDependency) -> Artifact:
    return context.project(entry.groupId, entry.artifactId).at_version(entry.version).artifact()


def _path(artifact: Artifact) -> Path:
    path = artifact.cached_path
    assert path is not None, "the context was made with a cache folder"
    return path


def _is_intact(artifact: Artifact, checksum: str) -> bool:
    """Whether the jar is there and whole; what an interrupted download left is removed."""
    path = _path(artifact)
    if path.exists() and sha256(path) == checksum:
        return True
    path.unlink(missing_ok=True)
    return False


def _download(missing: list[tuple[Artifact, str]], say: Say) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        started = [pool.submit(_fetch, artifact, checksum) for artifact, checksum in missing]
        for number, done in enumerate(as_completed(started), start=1):
            say(f"  Kafka {number:>2}/{len(missing)}  {done.result()}")


def _fetch(artifact: Artifact, checksum: str) -> str:
    try:
        path = artifact.resolve()
    except (OSError, RuntimeError) as error:  # jgo raises RuntimeError where no repository has the file
        _path(artifact).unlink(missing_ok=True)
        raise download_failed(artifact.filename, "Maven Central", error) from error
    if sha256(path) != checksum:
        path.unlink()
        raise download_failed(artifact.filename, "Maven Central", ValueError("its checksum is not the locked one"))
    return f"{artifact.filename} ({path.stat().st_size / 1e6:.1f} MB)"
