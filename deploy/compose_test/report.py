"""What the report says."""

from __future__ import annotations

import json
from typing import Any

from deploy.compose_test.compose import Failed, compose


def received() -> int:
    """How many referrals the report counts as received."""
    (row,) = _figures()["received"]
    return int(row["total"])


def offered(agency: str) -> int:
    """How many referrals the report counts as offered to an agency."""
    rows = _figures()["assignments"]
    return sum(int(row["total"]) for row in rows if (row["agency"], row["step"]) == (agency, "offered"))


def _figures() -> dict[str, list[dict[str, Any]]]:
    """By the operator's command: the API asks for a token, and there is no issuer here."""
    try:
        told = compose("exec", "-T", "reporting", "python", "-m", "services.reporting", "report")
        figures: dict[str, list[dict[str, Any]]] = json.loads(told)["figures"]
    except ValueError as error:
        raise Failed(f"the report cannot be read: {error}", "reporting") from None
    return figures
