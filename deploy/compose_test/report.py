"""What the report says."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from deploy.compose_test.compose import Failed, address


def received() -> int:
    """How many referrals the report counts as received."""
    (row,) = _figures()["received"]
    return int(row["total"])


def offered(agency: str) -> int:
    """How many referrals the report counts as offered to an agency."""
    rows = _figures()["assignments"]
    return sum(int(row["total"]) for row in rows if (row["agency"], row["step"]) == (agency, "offered"))


def _figures() -> dict[str, list[dict[str, Any]]]:
    try:
        with urllib.request.urlopen(f"http://{address('reporting', 8000)}/api/v1/report", timeout=10) as answer:
            figures: dict[str, list[dict[str, Any]]] = json.load(answer)["figures"]
            return figures
    except (OSError, ValueError) as error:
        raise Failed(f"the report cannot be read: {error}", "reporting") from None
