"""Prints the id of the referral for every offer that an agency got; an offer that came twice counts once, by its event id.

Runs as the agency's own system would: outside, with TLS and the agency's user.
"""

import json
import os
import sys
from pathlib import Path

from confluent_kafka import Consumer, TopicPartition

agency = sys.argv[1]
topic = f"agencies.{agency}.inbox"
consumer = Consumer(
    {
        "bootstrap.servers": os.environ["BUS"],
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": "/bus/ca.pem",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": agency,
        "sasl.password": Path("/bus/password").read_text().strip(),
        "group.id": f"{agency}.compose-test",
        "enable.auto.commit": False,
    }
)
first, end = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
consumer.assign([TopicPartition(topic, 0, first)])
position = first
offers: dict[str, str] = {}
while position < end:
    message = consumer.poll(10)
    if message is None or message.error():
        sys.exit(f"{topic}: nothing comes at offset {position} of {end}")
    position = (message.offset() or 0) + 1
    event = json.loads(message.value() or b"{}")
    if event["type"].startswith("org.rhtrt.assignment.offered."):
        offers[event["id"]] = event["subject"]
consumer.close()
print(*offers.values(), sep="\n")
