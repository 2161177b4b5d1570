"""Entries of the ledger, each with a keyed digest over itself and the one before it: what was changed is found. Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest
from typing import Any, Final

Digest = Callable[[bytes], bytes]
START: Final = bytes(32)
"""What stands before the first entry."""


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


@dataclass(frozen=True, slots=True)
class Entry:
    """`number`: from 1, without gaps."""

    number: int
    deed: Deed
    digest: bytes


def chained(deed: Deed, before: Entry | None, digest: Digest) -> Entry:
    """The entry of a deed behind the newest one."""
    number, last = (before.number + 1, before.digest) if before else (1, START)
    return Entry(number, deed, digest(_message(number, deed, last)))


def _message(number: int, deed: Deed, before: bytes) -> bytes:
    at = deed.at.isoformat(timespec="milliseconds")
    return before + json.dumps([number, at, deed.kind, deed.subject, dict(deed.told)], sort_keys=True).encode()


def faults(entries: Iterable[Entry], digest: Digest) -> list[str]:
    """What is wrong with a whole ledger. A cut-off end does not show: note the newest number and digest elsewhere."""
    found, number, before = [], 0, START
    for entry in entries:
        if entry.number != number + 1:
            found.append(f"{number + 1}: an entry is missing")
        if not compare_digest(entry.digest, digest(_message(entry.number, entry.deed, before))):
            found.append(f"{entry.number}: the entry, or the one before it, is not what was written")
        number, before = entry.number, entry.digest
    return found
