"""What stands for a referral in an extract: always the same for one partner, and for another partner a different one. Pure.

Whoever has the secret can work a pseudonym out again from a referral's id, and nobody else can; two partners cannot find out
which of their records are of the same referral.
"""

import hashlib
import hmac
from pathlib import Path
from typing import Final

LEAST_BYTES: Final = 32
LENGTH: Final = 10
"""Bytes: for a million records of a partner, two alike come up once in a trillion."""


class Seal:
    """Keyed digests under the secret in EXTRACT_SECRET_FILE (HMAC-SHA-256), for each purpose others."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < LEAST_BYTES:
            raise ValueError(f"the secret in EXTRACT_SECRET_FILE is too short: {LEAST_BYTES} random characters at least")
        self._secret = secret

    def pseudonym(self, partner: str, referral: str) -> str:
        """20 hexadecimal digits."""
        return self._digest(f"pseudonym {partner}", referral.encode())[:LENGTH].hex()

    def ledger(self, message: bytes) -> bytes:
        """What an entry of the ledger carries: 32 bytes."""
        return self._digest("ledger", message)

    def _digest(self, purpose: str, message: bytes) -> bytes:
        return hmac.digest(self._secret, purpose.encode() + b"\0" + message, hashlib.sha256)


def read_seal(path: Path) -> Seal:
    """The seal with the secret in a file. OSError where it cannot be read, ValueError where it is too short."""
    return Seal(path.read_bytes().strip())
