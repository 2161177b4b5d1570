"""Kafka's jars from Maven Central, by way of jgo: downloading those of the lock file, and making the lock file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jgo.env import LockFile
from jgo.maven import MavenContext

from deploy.embedded.downloads import download_failed, sha256
from deploy.embedded.jars import LOCK, Jar, Say

WANTED = ("org.apache.kafka:kafka_2.13:4.1.0", "org.slf4j:slf4j-simple:1.7.36")
_AT_ONCE = 6
_TIMEOUT = 30  # seconds


def download(jars: list[Jar], repository: Path, say: Say) -> None:
    """Download jars into a Maven repository folder, a line for each. Raises Refusal where one fails."""
    context = MavenContext(repo_cache=repository, timeout=_TIMEOUT)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        started = [pool.submit(_fetch, jar, context) for jar in jars]
        try:
            for number, done in enumerate(as_completed(started), start=1):
                say(f"  Kafka {number:>2}/{len(jars)}  {done.result()}")
        except BaseException:
            pool.shutdown(cancel_futures=True)  # the others would fail for the same cause, one time-out after another
            raise


def write_lock(cache: Path) -> int:
    """Resolve what is wanted, with all it depends on, and write the lock file. Returns the number of jars."""
    context = MavenContext(repo_cache=cache / "jars", timeout=_TIMEOUT)
    asked, pulled_in = context.resolver.resolve([context.create_dependency(name) for name in WANTED])
    lock = LockFile.from_resolved_dependencies([*asked, *pulled_in])
    lock.dependencies.sort(key=lambda entry: (entry.groupId, entry.artifactId))
    lock.save(LOCK)
    return len(lock.dependencies)


def _fetch(jar: Jar, context: MavenContext) -> str:
    path = jar.path(context.repo_cache)
    path.unlink(missing_ok=True)  # what an interrupted download left
    try:
        context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except (OSError, RuntimeError) as error:  # jgo raises RuntimeError where no repository has the file
        path.unlink(missing_ok=True)
        raise download_failed(path.name, "Maven Central", error) from error
    if sha256(path) != jar.sha256:
        path.unlink()
        raise download_failed(path.name, "Maven Central", ValueError("its checksum is not the locked one"))
    return f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)"
