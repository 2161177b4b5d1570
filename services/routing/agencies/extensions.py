"""CloudEvents extension attributes that an agency's client adds, such as `traceparent`: dropped, never carried on.

CloudEvents 1.0 lets any client on the way add attributes, so that an event is not wrong for having some. What is not named
as an attribute must be (lower-case letters and digits), or holds more than a single value, is a field of no contract.
"""

import json
import re

from shared.events.envelope import AgencyEvent

OURS = frozenset(AgencyEvent.model_fields) | {"type", "data"}
_NAME = re.compile(r"[a-z0-9]+")


def without_extensions(raw: bytes) -> bytes | None:
    """The event without its extension attributes; None where it has none, or is no JSON object."""
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict):
        return None
    kept = {name: value for name, value in event.items() if not _is_extension(name, value)}
    return json.dumps(kept).encode() if len(kept) < len(event) else None


def _is_extension(name: str, value: object) -> bool:
    return name not in OURS and _NAME.fullmatch(name) is not None and (value is None or isinstance(value, str | int))
