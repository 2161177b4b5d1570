"""A supervisor of two mail servers and, if asked, a program that ends at once: quick to start, and all real.

Run as `python -m tests.integration.embedded.small_stack FOLDER [broken]`.
"""

import logging
import os
import sys
from pathlib import Path

from deploy.embedded.child import Child
from deploy.embedded.mail import MailSink
from deploy.embedded.server import Server
from deploy.embedded.state import StateFolder
from deploy.embedded.supervisor import Supervisor


class Broken(Server):
    kind = "once"

    def answers(self) -> bool:
        return False


def named(name: str, folder: Path) -> MailSink:
    sink = MailSink(folder / name)
    sink.child.name = name
    return sink


def main(folder: Path, broken: bool) -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
    stages: list[list[Server]] = [[named("first", folder)], [named("second", folder)]]
    if broken:
        command = [sys.executable, "-c", "raise SystemExit('cannot do it')"]
        stages.append([Broken(Child("broken", command, folder / "broken.log"), port=0)])
    state = StateFolder(folder / "run")
    with state.hold():
        Supervisor(stages, state, os.getpid()).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] == ["broken"])
