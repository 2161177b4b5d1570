"""The dead letter topic: the original bytes, with where they came from and why they are there."""

from shared.broker import Message
from shared.delivery.errors import Reason
from shared.delivery.record import Stored
from shared.topics import dead_topic


def dead_letter(record: Stored, reader: str, reason: Reason) -> Message:
    """The record as it goes to TOPIC.GROUP.dead. Its own headers are left out: they are not ours to vouch for."""
    headers = {"reason": reason.value, "topic": record.topic, "partition": record.partition, "offset": record.offset}
    return Message(
        topic=dead_topic(record.topic, reader),
        key=record.key,
        value=record.value or b"",
        headers=tuple((name, str(value).encode()) for name, value in headers.items()),
    )
