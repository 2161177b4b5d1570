"""The receipt code: 16 random digits. The first half finds the referral, the second proves that one knows the code. Pure."""

import secrets
import unicodedata
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.seal import Seal

DIGITS = 16
HALF = 8
_NONCE = 12


def draw() -> str:
    """A new code, in groups of four."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return "-".join(digits[at : at + 4] for at in range(0, DIGITS, 4))


def digits_of(typed: str) -> str:
    """The digits in what somebody typed, in any script that has digits; the first 20, one of ours has 16."""
    found = (str(unicodedata.decimal(one)) for one in typed[:100] if one.isdecimal())
    return "".join(found)[:20]


def finding(seal: Seal, typed: str) -> bytes:
    """What the referral is found by: a keyed digest of the first half."""
    return seal.digest("receipt-find", digits_of(typed)[:HALF].encode())


def proving(seal: Seal, typed: str) -> bytes:
    """What is hashed, and compared: a keyed digest of the rest, so that the database alone is no use for guessing."""
    return seal.digest("receipt-prove", digits_of(typed)[HALF:].encode())


def receipt(seal: Seal, code: str, at: datetime) -> dict[str, Any]:
    """What a new referral keeps of its code: {find, waits, since}. `waits` for its slow hash, which takes its place."""
    return {"find": finding(seal, code), "waits": proving(seal, code), "since": at}


def locked(code: str, lock: bytes) -> bytes:
    """The code for whoever sends the same again: AES-256-GCM under a key that only their Idempotency-Key leads to."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(lock).encrypt(nonce, code.encode(), None)


def unlocked(stored: bytes, lock: bytes) -> str:
    """The code again."""
    return AESGCM(lock).decrypt(stored[:_NONCE], stored[_NONCE:], None).decode()
