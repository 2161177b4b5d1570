"""An agency's system that writes to its outbox as fast as it can and never reads.

`python -m benchmarks.flood AGENCY garbage|answers`: a process of its own, as it must not take the time of what is measured. On
SIGTERM it says what it did, as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

from confluent_kafka import Producer, ThrottleEvent

from deploy.embedded import Access
from deploy.embedded.child import Child
from shared.bus.cluster import client_configuration
from shared.events.agency import AgencyAccepted
from shared.events.codec import encode
from shared.settings import KafkaSettings
from shared.topics import outbox


class Flood:
    """`kind`: garbage is no JSON at all; answers are events of the contract about referrals that nobody offered."""

    def __init__(self, access: Access, agency: str, kind: str, folder: Path) -> None:
        outside = {"KAFKA_BOOTSTRAP_SERVERS": access.outside, "KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}
        trust = {"KAFKA_CA_FILE": str(access.secrets / "ca.pem")}
        self._said = folder / f"{agency}.{kind}.log"
        command = [sys.executable, "-m", "benchmarks.flood", agency, kind]
        self._child = Child(f"flood {agency}", command, self._said, os.environ | access.environment(agency) | outside | trust)

    async def start(self) -> None:
        """Returns when it writes."""
        self._said.unlink(missing_ok=True)
        self._child.start()
        while "writing" not in (self._said.read_text() if self._said.exists() else ""):
            if not self._child.running:
                raise RuntimeError(f"see {self._said}")
            await asyncio.sleep(0.05)

    def stop(self) -> Mapping[str, float]:
        """`written`: events that the broker acknowledged; `throttled`: seconds that it made the client wait, in all."""
        self._child.stop()
        said: dict[str, float] = json.loads(self._said.read_text().splitlines()[-1])
        return said


def garbage() -> bytes:
    return os.urandom(200)


def answer(agency: str) -> bytes:
    return encode(AgencyAccepted(id=uuid4(), source=f"/agencies/{agency}", subject=uuid4(), time=datetime.now(UTC)))


def main(agency: str, kind: str) -> None:
    done = {"written": 0, "throttled": 0.0}
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    print("writing", flush=True)

    def throttled(event: ThrottleEvent) -> None:
        done["throttled"] += event.throttle_time

    def acknowledged(error: object, _: object) -> None:
        done["written"] += error is None

    settings = {"acks": "all", "linger.ms": 5, "queue.buffering.max.messages": 20_000, "throttle_cb": throttled}
    producer = Producer(client_configuration(KafkaSettings()) | settings)
    values = [garbage() if kind == "garbage" else answer(agency) for _ in range(2_000)]
    for number in count():
        if not going:
            break
        try:
            producer.produce(outbox(agency), values[number % len(values)], key=b"flood", on_delivery=acknowledged)
        except BufferError:
            producer.poll(0.1)
        if number % 1000 == 0:
            producer.poll(0)
    producer.purge()
    producer.poll(0)
    print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
