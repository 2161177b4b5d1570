"""Entries of the audit: what was written by an older version is still whole."""

from __future__ import annotations

from datetime import UTC, datetime

from services.intake.audit.deed import Deed
from services.intake.seal import Seal
from shared.chain import Entry, faults

STORED = [
    Entry(
        1,
        Deed(
            datetime(2026, 11, 25, 8, 30, 0, 123000, tzinfo=UTC),
            "details_read", "r1", "s1", "staff", "dcf", "contact", ("narrative", "Straße"),
        ),
        bytes.fromhex("f9727557267a1a6829de5975c0cd3c7df10d527b1262f7f74bac4bb3952b973e"),
    ),
    Entry(
        2,
        Deed(datetime(2026, 11, 25, 8, 31, tzinfo=UTC), "destroyed", "r1", "operator", "operator", "", "retention"),
        bytes.fromhex("8942c95a1c14b6c4cccaf717ecbdec31416ecf2bf66e283452a97e6baaad3dec"),
    ),
]  # fmt: skip
"""As version 0.1.0 wrote them."""


def test_a_chain_of_an_older_version_is_whole() -> None:
    seal = Seal(b"only for tests, never for people 0123456789")
    assert faults(STORED, lambda message: seal.digest("audit", message)) == []
