"""What is taken or looked at of single cases, as the ledger writes it down. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What was done."""

    extract_taken = "extract_taken"
    cases_read = "cases_read"


@dataclass(frozen=True, slots=True)
class Deed:
    """`subject`: the issuer's id of who did it. `told`: what exactly, as text, numbers and lists of them; no referral."""

    at: datetime
    kind: str
    subject: str
    told: Mapping[str, Any]

    def message(self, number: int) -> bytes:
        """What the digest of its entry is over: the same for ever, as old entries are checked by it."""
        at = self.at.isoformat(timespec="milliseconds")
        return json.dumps([number, at, self.kind, self.subject, dict(self.told)], sort_keys=True).encode()
