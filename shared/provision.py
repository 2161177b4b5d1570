"""Creates the topics that are missing. Run as `python -m shared.provision`; doing it again changes nothing.

aiokafka's admin client cannot set users, ACLs or quotas, so everything that provisions the bus uses confluent-kafka.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from shared.agencies import load_agencies
from shared.settings import KafkaSettings
from shared.topics import Topic, all_topics


def create_topics(bootstrap_servers: str, topics: Sequence[Topic], *, replication: int = 1, wait: float = 60) -> list[str]:
    """Creates what is missing and returns its names. Waits up to `wait` seconds for the broker. KafkaException if it fails."""
    admin = AdminClient({"bootstrap.servers": bootstrap_servers, "log_level": 0})
    there = _existing(admin, wait)
    missing = [
        NewTopic(t.name, t.partitions, replication, config={"retention.ms": str(t.retention_ms), "cleanup.policy": "delete"})
        for t in topics
        if t.name not in there
    ]
    for future in admin.create_topics(missing, operation_timeout=30).values() if missing else ():
        future.result()
    return [topic.topic for topic in missing]


def _existing(admin: AdminClient, wait: float) -> set[str]:
    until = time.monotonic() + wait
    while True:
        try:
            return set(admin.list_topics(timeout=5).topics)
        except KafkaException:
            if time.monotonic() > until:
                raise


def main() -> int:
    """Provisions the topics of config/agencies.yaml on KAFKA_BOOTSTRAP_SERVERS."""
    config_dir = Path(os.environ.get("CONFIG_DIR", "config"))
    replication = int(os.environ.get("KAFKA_REPLICATION", "1"))
    servers = KafkaSettings().bootstrap_servers
    topics = all_topics(load_agencies(config_dir).on_the_bus, os.environ.get("TOPIC_PREFIX", ""))
    try:
        created = create_topics(servers, topics, replication=replication)
    except KafkaException as error:
        sys.stderr.write(f"provision: {error.args[0].str()}. Is Kafka running at {servers} (KAFKA_BOOTSTRAP_SERVERS)?\n")
        return 1
    sys.stdout.write(f"provision: {len(created)} topics created, {len(topics) - len(created)} were there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
