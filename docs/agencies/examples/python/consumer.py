"""Reads an agency's inbox and accepts what it is offered. A start to build on: put your own work where it prints."""

import json
import signal
import sys
import uuid

from bus import AGENCY, CONNECTION, GROUP, send
from confluent_kafka import Consumer, KafkaException


def handle(event: dict) -> None:
    """What your system does with an event. It may come twice: what you do with it must bear that."""
    kind = event["type"].removeprefix("org.rhtrt.").removesuffix(".v1")
    subject, data = event["subject"], event["data"]
    if kind == "assignment.offered":
        print("offered", subject, data["urgency"], "answer by", data["answer_by"], flush=True)
        # The answer's id is made from the offer's: sent twice, it counts once.
        send("accepted", subject, {}, event_id=str(uuid.uuid5(uuid.UUID(event["id"]), "accepted")))
        print("accepted", subject, flush=True)
    elif kind == "agency_event.rejected":
        print("rejected", data.get("event"), data["reason"], flush=True)
    else:  # updated, revoked, expired, and what later versions add
        print(kind, subject, flush=True)


signal.signal(signal.SIGTERM, lambda *_: sys.exit())
consumer = Consumer(CONNECTION | {"group.id": GROUP, "auto.offset.reset": "earliest", "enable.auto.commit": False})
consumer.subscribe([f"agencies.{AGENCY}.inbox"])
try:
    while True:
        record = consumer.poll(1.0)
        if record is None:
            continue
        if record.error():
            raise KafkaException(record.error())
        handle(json.loads(record.value()))
        consumer.commit(record, asynchronous=False)  # only now: what was not handled to its end comes again
except KeyboardInterrupt:
    pass
finally:
    consumer.close()  # leaves the group at once, so that the next start need not wait for a time-out
