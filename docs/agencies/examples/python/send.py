"""Sends one event by hand: python send.py KIND REFERRAL DATA.

For example: python send.py declined ID '{"reason": "no_capacity"}'
"""

import json
import sys
import uuid

from bus import send

kind, subject, data = sys.argv[1:]
event_id = str(uuid.uuid4())
send(kind, subject, json.loads(data), event_id)
print("sent", event_id)
