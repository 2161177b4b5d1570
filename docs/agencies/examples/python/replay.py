"""Sets where the group goes on reading the inbox: at an offset, or at the first event from a time on.

End the consumers of the group first. python replay.py 0, or: python replay.py 2026-11-25T08:00:00Z
"""

import sys
from datetime import datetime

from bus import AGENCY, CONNECTION, GROUP
from confluent_kafka import Consumer, TopicPartition

[where] = sys.argv[1:]
consumer = Consumer(CONNECTION | {"group.id": GROUP, "enable.auto.commit": False})
inbox = TopicPartition(f"agencies.{AGENCY}.inbox", 0)  # an inbox has one partition, so that its order is that of the offsets
oldest, end = consumer.get_watermark_offsets(inbox, timeout=30)
if where.isdigit():
    offset = int(where)
else:
    inbox.offset = int(datetime.fromisoformat(where).timestamp() * 1000)
    [found] = consumer.offsets_for_times([inbox], timeout=30)
    offset = found.offset if found.offset >= 0 else end  # below 0: nothing came since then
inbox.offset = min(max(offset, oldest), end)
consumer.commit(offsets=[inbox], asynchronous=False)
print(f"{GROUP} goes on at offset {inbox.offset}; kept are {oldest} to {end - 1}")
consumer.close()
