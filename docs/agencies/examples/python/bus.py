"""How to connect to the bus, from the environment, and how to write to the outbox."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import Producer

AGENCY = os.environ["AGENCY"]
GROUP = os.environ.get("GROUP", f"{AGENCY}.records")
CONNECTION = {
    "bootstrap.servers": os.environ["BUS_SERVERS"],
    "security.protocol": "SASL_SSL",
    "ssl.ca.location": os.environ["BUS_CA_FILE"],
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.username": AGENCY,
    "sasl.password": Path(os.environ["BUS_PASSWORD_FILE"]).read_text().strip(),
}

_producer = Producer(CONNECTION | {"acks": "all", "enable.idempotence": True})


def send(kind: str, subject: str, data: dict, event_id: str) -> None:
    """Write one event to the outbox, and come back when the bus has it."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/agencies/{AGENCY}",
        "type": f"org.rhtrt.agency.{kind}.v1",
        "subject": subject,
        "time": datetime.now(UTC).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    failures = []
    _producer.produce(
        f"agencies.{AGENCY}.outbox",
        key=subject,
        value=json.dumps(event),
        on_delivery=lambda error, _: failures.append(error) if error else None,
    )
    if _producer.flush(30) or failures:
        sys.exit("the bus did not take the event: send it again, with the same id")
