"""`python -m shared.bus`: makes a broker match config/agencies.yaml and config/bus.yaml, and shuts an agency out.

Connects as KAFKA_SASL_USERNAME, which has to be the administrator. Exit status 0: done, or all is well; 1: there are
differences, or the broker refused; 2: it was called wrongly.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException
from cyclopts import App, Parameter
from pydantic import ValidationError
from rich.console import Console

from shared.agencies import load_agencies
from shared.bus import renewal
from shared.bus.agency_quota import load_quota
from shared.bus.certificate import ListenerSettings
from shared.bus.cluster import Cluster
from shared.bus.passwords import Passwords
from shared.bus.rules import SERVICES, revoking
from shared.bus.state import Change, State, changes, revoked, wanted
from shared.settings import KafkaSettings

console = Console(soft_wrap=True, highlight=False, markup=False)
errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
app = App(name="python -m shared.bus", help=__doc__)
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="one JSON document instead of lines")]
DryRun = Annotated[bool, Parameter(help="say what would be done and change nothing")]


class _Bus:
    """The bus that the environment names."""

    def __init__(self) -> None:
        config = Path(os.environ.get("CONFIG_DIR", "config"))
        self.prefix = os.environ.get("TOPIC_PREFIX", "")
        self.agencies = load_agencies(config).on_the_bus
        self.want = wanted(self.agencies, load_quota(config).model_dump(), self.prefix)
        self.passwords = Passwords(Path(os.environ.get("BUS_PASSWORDS", ".local/secrets/bus")))
        self.cluster = Cluster(KafkaSettings(), self.prefix, replication=int(os.environ.get("KAFKA_REPLICATION", "1")))
        self.cluster.wait()

    @property
    def found(self) -> State:
        return self.cluster.read(self.want)


@app.command
def plan(*, as_json: AsJson = False) -> int:
    """Say what `apply` would change, and change nothing. Exit status 0 also where there is something to do."""
    bus = _Bus()
    _say(changes(bus.want, found := bus.found), revoked(found), as_json=as_json)
    return 0


@app.command
def check(*, as_json: AsJson = False) -> int:
    """Say what differs. Exit status 1 where anything does."""
    bus = _Bus()
    steps = changes(bus.want, found := bus.found)
    _say(steps, revoked(found), as_json=as_json)
    return 1 if steps else 0


@app.command
def apply(*, as_json: AsJson = False) -> int:
    """Make the broker match: topics, users, rules, quotas. Doing it again changes nothing; a revoked agency stays out."""
    bus = _Bus()
    done = bus.cluster.apply(bus.want, bus.passwords.of)
    _say(done, revoked(bus.found), as_json=as_json)
    return 0


@app.command
def revoke(agency: str, *, dry_run: DryRun = False) -> int:
    """Shut an agency out, now and until `restore`: it is denied everything at once, then its password and rules go.

    Example: python -m shared.bus revoke windsor-pd
    """
    bus, user = _Bus(), os.environ.get("TOPIC_PREFIX", "") + agency
    if agency in SERVICES or user not in bus.want.users | bus.found.users:
        return _unknown(agency, bus.agencies)
    if not dry_run:
        bus.cluster.add(revoking(user))
        bus.cluster.apply(bus.want, bus.passwords.of)
    console.print(
        f"{agency} {'would be' if dry_run else 'is'} shut out. `restore {agency}` lets it in again, with a new password."
    )
    return 0


@app.command
def restore(agency: str) -> int:
    """Let a revoked agency in again. Replace its password first (delete the file): the old one may be known.

    Example: python -m shared.bus restore windsor-pd
    """
    bus, user = _Bus(), os.environ.get("TOPIC_PREFIX", "") + agency
    if agency not in bus.agencies:
        return _unknown(agency, bus.agencies)
    bus.cluster.remove(revoking(user))
    bus.cluster.apply(bus.want, bus.passwords.of)
    console.print(f"{agency} is let in again.")
    return 0


@app.command
def rotate(name: str) -> int:
    """Set the password of a service or agency to the one in its file, which is made anew where it was deleted.

    Connections that are open stay open; new ones need the new password. Example: python -m shared.bus rotate windsor-pd
    """
    bus = _Bus()
    if bus.prefix + name not in bus.found.users:
        return _unknown(name, (*SERVICES, *bus.agencies))
    bus.cluster.set_passwords([bus.prefix + name], bus.passwords.of)
    console.print(f"{name} has the password in {bus.passwords.path(name)}.")
    return 0


@app.command
def reload_certificate(*, within: Annotated[float, Parameter(help="seconds that it may take")] = 10.0) -> int:
    """Let the brokers take the certificate of the listener outside from its file anew. Whoever is connected stays connected.

    BUS_OUTSIDE (host:port) and BUS_CA_FILE say where to look. Exit status 1 where it goes on showing the one that it had.
    """
    try:
        listener = ListenerSettings().listener
        shown = renewal.reload_certificate(KafkaSettings(), listener, within)
    except (renewal.NotRenewed, OSError, ValidationError) as error:
        errors.print(f"certificate: {error if isinstance(error, renewal.NotRenewed) else type(error).__name__}")
        return 1
    console.print(f"{listener.address} shows a new certificate, until {shown.expires:%Y-%m-%d}.")
    return 0


def _unknown(name: str, known: Sequence[str]) -> int:
    errors.print(f"No user {name}: choose one of {', '.join(known)}.")
    return 2


def _say(steps: Sequence[Change], out: frozenset[str], *, as_json: bool) -> None:
    if as_json:
        found = [{"action": s.action, "kind": s.kind, "name": s.name, "text": str(s.rule or s.detail)} for s in steps]
        console.print(json.dumps({"changes": found, "revoked": sorted(out)}, indent=2))
        return
    for step in steps:
        console.print(str(step))
    console.print(f"bus: {len(steps)} differences" + (f"; revoked: {', '.join(sorted(out))}" if out else ""))


def main(words: Sequence[str] | None = None) -> None:
    """Runs a command: of these words, or of the process. What the broker refuses is said in plain words."""
    try:
        sys.exit(app(words) or 0)
    except (KafkaException, KafkaError, TimeoutError) as error:
        settings = KafkaSettings()
        text = error.args[0].str() if isinstance(error, KafkaException) else type(error).__name__
        errors.print(
            f"bus: {text}. Is Kafka running at {settings.bootstrap_servers}, and is {settings.sasl_username} its "
            "administrator (KAFKA_BOOTSTRAP_SERVERS, KAFKA_SASL_USERNAME)?"
        )
        sys.exit(1)
