"""`make seed-year`: a synthetic year of the region, on topics and in a database of its own, and reporting that shows it.

It needs the running stack's Kafka and MongoDB, and touches nothing of what runs there: its topics begin with `year.`, and no
other service reads them. What is there already is kept.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import App, Parameter
from pymongo import MongoClient

from deploy.embedded.access import ADMIN, Access
from deploy.embedded.development_tokens import DevelopmentKey
from deploy.embedded.issuer import JWKS
from deploy.embedded.ports import HOST
from deploy.embedded.settings import Settings, from_environment
from deploy.embedded.state import StateFolder
from deploy.embedded.status import look
from deploy.year.story import year
from shared.broker import Message, Publisher
from shared.bus.cluster import Cluster
from shared.events.codec import encode
from shared.events.envelope import Event
from shared.principal import Role
from shared.topics import ACTIVITY, DELIVERED, INTAKE, all_topics

PREFIX = "year."
DATABASE = "reporting_year"
BEGIN = datetime(2025, 10, 1, 4, tzinfo=UTC)
PERIODS = ("FY2026-Q1", "FY2026-Q2", "FY2026-Q3", "FY2026-Q4", "FY2026")
app = App(name="python -m deploy.year", help=__doc__)


@app.default
def main(
    *, referrals: int = 900, seed: int = 1, port: int = 29114, serve: Annotated[bool, Parameter(negative="--fill")] = True
) -> int:
    """Fill the topics, work out the figures, freeze the fiscal year 2026 and its quarters, and serve them until Ctrl-C."""
    settings = from_environment(os.environ)
    addresses = look(StateFolder(settings.run)).as_json()["addresses"]
    if "kafka" not in addresses:
        print("The stack is not running. Start it with: make up")
        return 2
    environment = _environment(settings, addresses, port)
    if _is_empty(environment["MONGO_URL"]):
        asyncio.run(_publish(_access(settings, addresses), referrals, seed))
        for command in (["rebuild"], *(["freeze", period] for period in PERIODS)):
            _run(environment, "services.reporting", *command)
    token = DevelopmentKey(settings.issuer_key).token(addresses["issuer"], Role.analyst, seconds=12 * 3600)
    print(f"The year is at http://{HOST}:{port}/figures/ ; true counts are for: Authorization: Bearer {token}")
    return _run(environment, "services.reporting.serve") if serve else 0


def _access(settings: Settings, addresses: dict[str, str]) -> Access:
    ports = StateFolder(settings.run).remembered_ports()
    return Access(addresses["kafka"], f"{HOST}:{ports['KAFKA_OUTSIDE_PORT']}", settings.secrets)


def _environment(settings: Settings, addresses: dict[str, str], port: int) -> dict[str, str]:
    return {
        **os.environ,
        **_access(settings, addresses).environment(ADMIN),
        "MONGO_URL": addresses["mongod"],
        "MONGO_DATABASE": DATABASE,
        "TOPIC_PREFIX": PREFIX,
        "CONFIG_DIR": str(settings.config),
        "HTTP_PORT": str(port),
        "OIDC_ISSUER": addresses["issuer"],
        "OIDC_JWKS_URL": addresses["issuer"] + JWKS,
    }


def _is_empty(mongo_url: str) -> bool:
    with MongoClient[dict[str, object]](mongo_url) as client:
        return not client[DATABASE]["cases"].find_one({})


async def _publish(access: Access, referrals: int, seed: int) -> None:
    Cluster(access.settings(), PREFIX).create_topics(all_topics([], PREFIX))
    told = list(year(BEGIN, datetime.now(UTC), referrals, seed))
    parts: dict[str, list[Event]] = {
        INTAKE: [event for one in told for event in one.intake],
        ACTIVITY: [event for one in told for event in one.activity],
        DELIVERED: [event for one in told for event in one.delivered],
    }
    publisher = Publisher(access.settings())
    for topic, events in parts.items():
        for start in range(0, len(events), 5000):
            some = events[start : start + 5000]
            await publisher.send([Message(PREFIX + topic, str(one.subject).encode(), encode(one)) for one in some])
    await publisher.stop()
    print(f"{referrals} referrals, {sum(map(len, parts.values()))} events")


def _run(environment: dict[str, str], module: str, *words: str) -> int:
    done = subprocess.run([sys.executable, "-m", module, *words], env=environment, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(app())
