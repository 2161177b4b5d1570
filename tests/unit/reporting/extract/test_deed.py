"""Entries of the ledger: what was written by an older version is still whole, and what was changed of it is found."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime

from services.reporting.extract.deed import Deed
from shared.chain import Entry, faults

STORED = [
    Entry(
        1,
        Deed(
            datetime(2026, 11, 25, 8, 30, 0, 123000, tzinfo=UTC),
            "extract_taken",
            "s1",
            {"partner": "university", "levels": {"town": 1}, "purpose": "Straße"},
        ),
        bytes.fromhex("38158842018186811c2867b4e12698a074ae95013c937abe16add693d8168e48"),
    ),
    Entry(
        2,
        Deed(datetime(2026, 11, 25, 8, 31, tzinfo=UTC), "cases_read", "s2", {"cases": 3}),
        bytes.fromhex("e59a5518a3dfd651109bd69ffe96c611db48fa00101d1e2a0f669bcdc1eb4c8e"),
    ),
]
"""As version 0.1.0 wrote them."""


def digest(message: bytes) -> bytes:
    return hmac.digest(b"only for tests, never for people 0123456789", message, "sha256")


def test_a_ledger_of_an_older_version_is_whole() -> None:
    assert faults(STORED, digest) == []


def test_a_changed_entry_is_found() -> None:
    first, second = STORED
    changed = replace(second, deed=replace(second.deed, told={"cases": 2}))
    assert [fault.number for fault in faults([first, changed], digest)] == [2]
