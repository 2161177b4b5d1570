"""A made-up referral, and the way through the door."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from typing import Any

from deploy.compose_test.compose import Refused, address
from deploy.compose_test.waiting import until

# By config/rules.yaml an adult reported by a third party goes to the town's police and to the advocates.
AGENCIES = ("windsor-pd", "cca")
BODY: dict[str, Any] = {
    "facts": {
        "trafficking_type": "sex",
        "minor": "no",
        "reporter": "community_member",
        "town_of_exploitation": "windsor",
        "safe_contact": "phone",
    },
    "details": {"narrative": "Made up for a test. Nobody in it exists."},
}


def send() -> str:
    """Sends a referral, again with the same key until it is taken, as clients do. Returns its id."""
    key = str(uuid.uuid4())
    return until("intake takes the referral", lambda: _post(key), service="intake")


def _post(key: str) -> str | None:
    url = f"http://{address('intake', 8000)}/api/v1/referrals"
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    request = urllib.request.Request(url, json.dumps(BODY).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # http, on loopback
            return str(json.load(answer)["referral_id"])
    except urllib.error.HTTPError as error:
        if error.code < 500:
            raise Refused(f"intake answers {error.code}: {error.read(2000).decode()}", "intake") from None
    except (OSError, ValueError):
        pass  # it starts, or waits for the database
    return None
