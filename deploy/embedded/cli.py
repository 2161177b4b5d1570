"""The command line of the embedded stack: `python -m deploy.embedded COMMAND`, usually by way of make."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from deploy.embedded import launch
from deploy.embedded.binary import mongod_binary
from deploy.embedded.development_tokens import DevelopmentKey
from deploy.embedded.follow import show
from deploy.embedded.issuer import Issuer
from deploy.embedded.jars import locked
from deploy.embedded.refusal import EXIT_STATUS, Refusal, disk_full, is_disk_full
from deploy.embedded.rotation import rotate
from deploy.embedded.settings import from_environment
from deploy.embedded.stack import stages
from deploy.embedded.state import FAILED, StackState, StateFolder
from deploy.embedded.status import look, table
from deploy.embedded.supervisor import Supervisor
from shared.principal import Role, Scope

app = App(name="python -m deploy.embedded", help=__doc__)


def say(line: str) -> None:
    """Print one line of progress at once."""
    print(line, flush=True)


@app.command
def up() -> None:
    """Start the stack in the background, and return when every process is ready."""
    try:
        state = launch.up(from_environment(os.environ), say)
    except KeyboardInterrupt:
        launch.down(from_environment(os.environ), say)
        raise
    say(_summary(state))


@app.command
def down() -> None:
    """Stop the stack. Its data stays."""
    launch.down(from_environment(os.environ), say)


@app.command
def reset() -> None:
    """Stop the stack and delete its data; what was downloaded stays."""
    launch.reset(from_environment(os.environ), say)


@app.command
def status(*, as_json: Annotated[bool, Parameter(name="--json", negative="")] = False) -> int:
    """Say how each process is. Exit status 0: all ready, 1: not all, 3: nothing runs."""
    seen = look(StateFolder(from_environment(os.environ).run))
    if as_json:
        say(json.dumps(seen.as_json(), indent=2))
    else:
        say(f"The stack is {seen.phase}." + (f" {seen.reason}" if seen.reason else ""))
        console = Console(width=None if sys.stdout.isatty() else 200)
        console.print(table(seen)) if seen.processes else None
    return seen.exit_status


@app.command
def logs(*names: str, lines: int = 10, follow: bool = True) -> None:
    """Show the logs of all processes, or of the named ones, as they grow (Ctrl-C ends it)."""
    show(from_environment(os.environ).logs, names, last_lines=lines, follow=follow)


@app.command
def token(*, role: Role | None = None, agency: str | None = None, system: str | None = None, minutes: int = 60) -> None:
    """Print an access token for the running stack: --role coordinator, --role staff --agency dcf, --system clinic-1."""
    if (role is None) is (system is None):
        raise Refusal("Say for whom: --role, or --system for a provider's own system.")
    settings = from_environment(os.environ)
    state = StateFolder(settings.run).read()
    issuer = next((one for one in state.processes if one.kind == Issuer.kind), None) if state else None
    if issuer is None:
        raise Refusal("Tokens are for the running stack, and none runs: `make up` first.")
    key = DevelopmentKey(settings.issuer_key)
    if role is not None:
        say(key.token(issuer.url, role, agency, seconds=60 * minutes))
    elif system is not None:
        say(key.system_token(issuer.url, system, Scope, seconds=60 * minutes))


@app.command
def rotate_certificate() -> None:
    """Give the broker of the running stack a new certificate. Whoever is connected stays connected."""
    rotate(from_environment(os.environ), say)


@app.command
def fetch() -> None:
    """Download what the stack needs, without starting it."""
    settings = from_environment(os.environ)
    launch.check_disk(settings)
    launch.fetch(settings, say)


@app.command
def versions() -> None:
    """Say which Kafka and which mongod run here."""
    settings = from_environment(os.environ)
    say(" ".join(jar.path(settings.cache).name for jar in locked() if jar.artifact.startswith("kafka_")))
    binary = mongod_binary(settings.cache, say)
    say(subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0])


@app.command
def lock() -> None:
    """Resolve Kafka's jars anew and write their lock file (after a change of version)."""
    from deploy.embedded.maven import write_lock  # noqa: PLC0415 - slow to import, and needed here only

    say(f"{write_lock(from_environment(os.environ).cache)} jars locked")


@app.command(show=False)
def supervise() -> None:
    """Run the stack in the foreground: what `up` starts in the background."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
    settings = from_environment(os.environ)
    folder = StateFolder(settings.run)
    with folder.hold() as held:
        if not held:
            raise Refusal("Another supervisor runs already.")
        folder.remove()
        try:
            Supervisor(stages(settings), folder, os.getpid()).run()
        except Exception as error:
            folder.write(StackState(os.getpid(), FAILED, str(error)))
            raise
        folder.remove()


def main() -> None:
    """Run a command; what it refuses is said in plain words, with exit status 2."""
    try:
        sys.exit(app() or 0)
    except Refusal as refusal:
        _fail(str(refusal), EXIT_STATUS)
    except launch.StartError as failure:
        _fail(f"{failure}\nThe stack is stopped; all logs are under {from_environment(os.environ).logs}.", 1)
    except PermissionError as error:
        _fail(f"Not allowed to write {error.filename}. Choose another folder with LOCAL_DIR.", EXIT_STATUS)
    except OSError as error:
        if not is_disk_full(error):
            raise
        _fail(str(disk_full(error.filename or "a file")), EXIT_STATUS)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(text: str, exit_status: int) -> None:
    print(text, file=sys.stderr)
    sys.exit(exit_status)


def _summary(state: StackState) -> str:
    lines = [f"  {each.name:<14} {each.url}" for each in state.processes if each.url]
    return "\n".join(["The stack is ready:", *lines, "Look at it with `make status` and `make logs`; `make down` stops it."])
