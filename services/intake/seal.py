"""Keyed digests: what may be stored of a code, a key or a body, so that the database alone does not give it back."""

import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LEAST_BYTES = 32


class Seal:
    """HMAC-SHA-256 under this service's secret. Each purpose has digests of its own."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < LEAST_BYTES:
            raise ValueError(f"the secret in RECEIPT_SECRET_FILE is too short: {LEAST_BYTES} random characters at least")
        self._secret = secret

    def digest(self, purpose: str, message: bytes) -> bytes:
        """32 bytes that only this secret, purpose and message give."""
        return hmac.digest(self._secret, purpose.encode() + b"\0" + message, hashlib.sha256)

    def derive(self, purpose: str, salt: bytes) -> bytes:
        """A key of 32 bytes for one purpose and salt (HKDF-SHA-256, RFC 5869)."""
        return HKDF(SHA256(), length=32, salt=salt, info=purpose.encode()).derive(self._secret)


def read_seal(path: Path) -> Seal:
    """The seal with the secret in a file. OSError where it cannot be read, ValueError where it is too short."""
    return Seal(path.read_bytes().strip())
