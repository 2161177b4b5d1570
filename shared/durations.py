"""Durations as people write them in the files of config/: `15 min`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}

DURATION_SCHEMA = {"type": "string", "pattern": r"^\d+(\.\d+)? *(s|min|h|d)$", "examples": ["15 min"]}
"""How a duration is written, for editors."""


def duration(written: Any) -> timedelta:
    """`15 min` as a timedelta. ValueError says how to write one."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *(s|min|h|d)", written) if isinstance(written, str) else None
    if found is None or float(found[1]) == 0:
        raise ValueError("write a number and s, min, h or d, for example: 15 min")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


Duration = Annotated[timedelta, BeforeValidator(duration), WithJsonSchema(DURATION_SCHEMA)]
