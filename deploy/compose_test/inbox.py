"""Prints the id of the referral for every offer that an agency got; an offer that came twice counts once, by its event id.

Runs in a service's container, as Kafka is not published.
"""

import json
import os
import sys

from confluent_kafka import Consumer, TopicPartition

topic = sys.argv[1]
consumer = Consumer(
    {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "group.id": "compose-test", "enable.auto.commit": False}
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
