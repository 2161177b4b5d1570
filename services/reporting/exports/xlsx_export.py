"""Figures as a workbook, made in a process of its own, as the library for it keeps 12 MB (`workbook`)."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def as_xlsx(content: Mapping[str, Any], stamp: datetime) -> bytes:
    """The same bytes for the same content; `stamp` is when it was made. CalledProcessError where it cannot be made."""
    command = [sys.executable, "-m", "services.reporting.exports.workbook", stamp.isoformat()]
    done = subprocess.run(command, input=json.dumps(content).encode(), capture_output=True, check=True, timeout=60)  # noqa: S603  # our own
    return done.stdout
